import { createHash } from "node:crypto";
import type { V1Secret } from "@kubernetes/client-node";
import { Backoff } from "../async/backoff.ts";
import { KubernetesError } from "../kubernetes/kubernetes_error.ts";
import { refusalOf } from "../kubernetes/refusal.ts";
import type { WrittenSecret } from "../kubernetes/write/secret_writes.ts";
import { beingDeletedCause } from "../view/deletion.ts";
import { configFile } from "../view/pod_lake.ts";
import { sessionPolicy } from "../view/session_policy.ts";
import { Deadline } from "../async/deadline.ts";
import type { Cause, ViewState } from "../view/state.ts";
import { AssumeRoleError } from "./assume_role.ts";
import { readSecret, type SecretContent, secretOf, type StandingSecret } from "./secret.ts";
import type { SessionCredentials } from "./session_credentials.ts";
import { credentialsTimeout, resultOf, type VendingProgress, type VendingResult } from "./vending_result.ts";
import { TIMING, type VendingOptions, type VendingTiming } from "./vending_options.ts";
import { Semaphore } from "../async/semaphore.ts";
import { SingleFlight } from "../async/single_flight.ts";
import { type CredentialsNeed, stepOf } from "./step.ts";

/** The view that the credentials are for. */
export type LakeView = Pick<ViewState, "name" | "uid" | "spec">;

/** AssumeRoles at a time. */
const CONCURRENCY = 8;

/**
 * Vends credentials to views: from the view's Secret where it holds good ones, else from STS. STS is called once, however
 * many requests and replicas want them. The Secret is the lock between replicas: see `stepOf`.
 */
export class Vending {
  readonly #options: VendingOptions;
  readonly #timing: VendingTiming;
  readonly #slots = new Semaphore(CONCURRENCY);
  readonly #config: string;
  /** By spec. A view's spec is the same object while it does not change. */
  readonly #madeFors = new WeakMap<object, string>();
  readonly #flights = new SingleFlight<VendingResult>();
  readonly #cache = new Map<string, { readonly madeFor: string; readonly credentials: SessionCredentials }>();
  readonly #failed = new Map<string, { readonly until: number; readonly vended: VendingResult }>();

  constructor(options: VendingOptions) {
    this.#options = options;
    this.#timing = { ...TIMING, ...options.timing };
    this.#config = configFile(options.settings);
  }

  /**
   * The view's credentials; they are in its Secret then. They are valid for a while. Where half of their life is over, this
   * also renews them in the background. It goes on when the caller does not wait any more. Never rejects.
   */
  async ensure(view: LakeView): Promise<VendingResult> {
    const vended = await this.#fly(view, "good", (credentials) => this.#isGood(credentials));
    if (vended.kind === "ready" && this.#isHalfOver(vended.credentials)) void this.renew(view);
    return vended;
  }

  /** As `ensure`, but does not read the Secret where good credentials are cached: for every request of a browser. */
  async credentials(view: LakeView): Promise<VendingResult> {
    const cached = this.#cache.get(view.uid);
    if (cached === undefined || !this.#isGood(cached.credentials) || cached.madeFor !== this.#madeFor(view)) {
      return await this.ensure(view);
    }
    if (this.#isHalfOver(cached.credentials)) void this.renew(view);
    return { kind: "ready", credentials: cached.credentials };
  }

  /** The view's credentials, renewed where half of their life is over and no replica has done so. Never rejects. */
  renew(view: LakeView): Promise<VendingResult> {
    return this.#fly(view, "young", (credentials) => this.#isGood(credentials) && !this.#isHalfOver(credentials));
  }

  /** When the view's present credentials end, in milliseconds since the epoch; undefined where it has none. */
  async endAt({ name, uid }: Pick<LakeView, "name" | "uid">, signal: AbortSignal): Promise<number | undefined> {
    try {
      const raw = await this.#options.secrets.get(name, signal);
      const secret = raw && readSecret(raw);
      return secret?.owner?.uid === uid ? secret.credentials?.endAt : undefined;
    } catch (error) {
      if (error instanceof KubernetesError) return this.#cache.get(uid)?.credentials.endAt;
      throw error;
    }
  }

  /** Forgets a view that does not exist any more. */
  forget(uid: string): void {
    this.#cache.delete(uid);
    this.#failed.delete(uid);
  }

  /** Forgets all credentials that have expired. */
  sweep(): void {
    for (const [uid, { credentials }] of this.#cache) {
      if (credentials.endAt <= this.#options.now()) this.#cache.delete(uid);
    }
    for (const [uid, { until }] of this.#failed) {
      if (until <= this.#options.clock()) this.#failed.delete(uid);
    }
  }

  /** Resolves when nothing runs any more. The signal ends what runs. */
  async idle(): Promise<void> {
    await this.#flights.idle();
  }

  #isGood({ endAt, life }: SessionCredentials): boolean {
    // Credentials of a very short life are good until they must be renewed.
    return endAt - this.#options.now() > Math.min(this.#timing.margin, life / 4);
  }

  #isHalfOver({ renewAt }: SessionCredentials): boolean {
    return this.#options.now() >= renewAt;
  }

  /** A hash of what credentials are made for. Those with another hash are not the view's, even while they are valid. */
  #madeFor({ spec = NO_SPEC }: LakeView): string {
    const cached = this.#madeFors.get(spec);
    if (cached !== undefined) return cached;
    const { roleArn, stsEndpoint } = this.#options.settings;
    const parts = [sessionPolicy(spec.subsets), roleArn, stsEndpoint, this.#config];
    const made = createHash("sha256").update(JSON.stringify(parts)).digest("base64url").slice(0, 22);
    this.#madeFors.set(spec, made);
    return made;
  }

  /** One task per view and what it wants. All callers share it. */
  #fly(view: LakeView, wanted: "good" | "young", enough: CredentialsNeed["enough"]): Promise<VendingResult> {
    const key = `${wanted} ${view.uid} ${this.#madeFor(view)}`;
    const current = this.#flights.get(key);
    if (current !== undefined) return current;
    const failed = this.#failed.get(view.uid);
    if (failed !== undefined && failed.until > this.#options.clock()) return Promise.resolve(failed.vended);
    return this.#flights.run(key, () => this.#vend(view, enough), (vended) => this.#remember(view, vended));
  }

  #remember(view: LakeView, vended: VendingResult): void {
    if (vended.kind === "ready") {
      this.#cache.set(view.uid, { madeFor: this.#madeFor(view), credentials: vended.credentials });
      this.#failed.delete(view.uid);
    } else {
      this.#failed.set(view.uid, { until: this.#options.clock() + this.#timing.again, vended });
    }
  }

  async #vend(view: LakeView, enough: CredentialsNeed["enough"]): Promise<VendingResult> {
    using limit = new Deadline(this.#options.signal, this.#timing.need);
    const progress: VendingProgress = { waitsFor: "Kubernetes" };
    try {
      return await this.#untilVended(view, enough, limit.signal, progress);
    } catch (error) {
      if (this.#options.signal.aborted) return { kind: "unavailable", message: "The sidecar stops." };
      if (limit.passed) return { kind: "failed", cause: credentialsTimeout(this.#timing.need / 1000, progress) };
      if (error instanceof KubernetesError) return resultOf(refusalOf(error));
      this.#options.onFault(view.name, error);
      return { kind: "fault" };
    }
  }

  async #untilVended(
    view: LakeView,
    enough: CredentialsNeed["enough"],
    signal: AbortSignal,
    progress: VendingProgress,
  ): Promise<VendingResult> {
    const { secrets, clock, random, pause } = this.#options;
    const { name, uid, spec } = view;
    const policy = sessionPolicy(spec?.subsets ?? []);
    if (spec === undefined || "problems" in policy) return { kind: "failed", cause: invalidSpecCause(name) };
    const madeFor = this.#madeFor(view);
    const need = { name, uid, madeFor, enough };
    const { look, takeover, moment } = this.#timing;
    let leaving: number | undefined;
    let waited: { readonly claim: string; readonly since: number } | undefined;
    let looks = new Backoff(random, look / 4, look);
    while (true) {
      const raw = await secrets.get(name, signal);
      const secret = raw && readSecret(raw);
      const step = stepOf(secret, {
        ...need,
        waited: waited && { claim: waited.claim, enough: clock() - waited.since >= takeover },
      });
      switch (step.kind) {
        case "use":
          return { kind: "ready", credentials: step.credentials };
        case "fail":
          return { kind: "failed", cause: step.cause };
        case "delete":
          await secrets.delete(name, step.uid, signal);
          break;
        case "leaving":
          progress.waitsFor = "Kubernetes to delete its former Secret";
          leaving ??= clock();
          if (step.heldBy.length > 0 && clock() - leaving >= moment) {
            return { kind: "failed", cause: beingDeletedCause("Secret", name, step.heldBy) };
          }
          await pause(looks.next(), signal);
          break;
        case "wait":
          progress.waitsFor = "another gateway to make them";
          if (step.claim !== waited?.claim) {
            waited = { claim: step.claim, since: clock() };
            looks = new Backoff(random, look / 4, look);
          }
          await pause(looks.next(), signal);
          break;
        case "create":
        case "claim": {
          const standing = step.kind === "claim" ? step.secret : undefined;
          progress.waitsFor = "STS";
          const make = () => this.#make(view, madeFor, policy.policy, standing, signal);
          const vended = await this.#slots.use(make, signal);
          if (vended !== undefined) return vended;
          break;
        }
      }
    }
  }

  /** Claims the Secret, calls STS, and writes the credentials; undefined where another replica was first. */
  async #make(
    view: LakeView,
    madeFor: string,
    policy: string,
    standing: StandingSecret | undefined,
    signal: AbortSignal,
  ): Promise<VendingResult | undefined> {
    const claim = crypto.randomUUID();
    const claimed = await this.#claim(view, claim, standing, signal);
    if (claimed.kind === "lost") return undefined;
    if (claimed.kind !== "written") return resultOf(claimed);
    // Credentials that are still good stay in the Secret until there are newer ones.
    const kept = readSecret(claimed.secret);
    const write = (content: SecretContent) =>
      this.#options.secrets.replace(this.#secret(view, content), claimed.secret.metadata, signal);
    let credentials: SessionCredentials;
    try {
      using limit = new Deadline(signal, this.#timing.assume);
      const made = await this.#options.assumeRole(view.name, policy, limit.signal);
      credentials = made.endingAfter(standing?.credentials);
    } catch (error) {
      signal.throwIfAborted();
      const cause = error instanceof AssumeRoleError ? error.cause : LATE;
      this.#options.onAssumed(view.name, cause);
      await write({ ...kept, claim: undefined, failure: { claim, cause } });
      return { kind: "failed", cause };
    }
    this.#options.onAssumed(view.name, undefined);
    const written = await write({ credentials, madeFor });
    if (written.kind === "written") return { kind: "ready", credentials };
    // Either the write or only its answer is lost: the next read shows which.
    return written.kind === "lost" ? undefined : resultOf(written);
  }

  /** A write whose answer was lost may have succeeded: then the Secret has this claim. */
  async #claim(
    view: LakeView,
    claim: string,
    standing: StandingSecret | undefined,
    signal: AbortSignal,
  ): Promise<WrittenSecret> {
    const { secrets } = this.#options;
    const { credentials, madeFor } = standing ?? {};
    const secret = this.#secret(view, { claim, credentials, madeFor });
    const written = standing === undefined
      ? await secrets.create(secret, signal)
      : await secrets.replace(secret, standing.metadata, signal);
    if (written.kind === "written" || written.kind === "refused") return written;
    const found = await secrets.get(view.name, signal);
    return found !== undefined && readSecret(found).claim === claim ? { kind: "written", secret: found } : written;
  }

  #secret({ name, uid }: LakeView, content: SecretContent): V1Secret {
    return secretOf({ name, uid, required: this.#options.required }, content, this.#config);
  }
}

function invalidSpecCause(view: string): Cause {
  return { reason: "InvalidSpec", message: `View ${view} has no valid spec.` };
}

const NO_SPEC = { subsets: [] };

const LATE: Cause = { reason: "StsUnreachable", message: "STS has not answered in time." };
