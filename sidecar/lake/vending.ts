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

/** The view that credentials are for. */
export type LakeView = Pick<ViewState, "name" | "uid" | "spec">;

/** How many AssumeRoles go on at a time. */
const CONCURRENCY = 8;

/**
 * Gives views their credentials: from the view's Secret where it holds good ones, else from STS, once however many ask
 * here or in other replicas. The Secret is the lock between replicas: see `stepOf`.
 */
export class Vending {
  readonly #options: VendingOptions;
  readonly #timing: VendingTiming;
  readonly #slots = new Semaphore(CONCURRENCY);
  readonly #config: string;
  /** By spec; a view's spec is the same object while it is the same. */
  readonly #madeFors = new WeakMap<object, string>();
  readonly #flights = new SingleFlight<VendingResult>();
  readonly #known = new Map<string, { readonly madeFor: string; readonly credentials: SessionCredentials }>();
  readonly #failed = new Map<string, { readonly until: number; readonly vended: VendingResult }>();

  constructor(options: VendingOptions) {
    this.#options = options;
    this.#timing = { ...TIMING, ...options.timing };
    this.#config = configFile(options.settings);
  }

  /**
   * The view's credentials, which are in its Secret then. They last for a while yet; where half of their life is over
   * they are renewed behind the scenes. It goes on when whoever asked does not wait any more. Never rejects.
   */
  async ensure(view: LakeView): Promise<VendingResult> {
    const vended = await this.#fly(view, "good", (credentials) => this.#isGood(credentials));
    if (vended.kind === "ready" && this.#isHalfOver(vended.credentials)) void this.renew(view);
    return vended;
  }

  /** As `ensure`, without a look at the Secret where good credentials are known: for every request of a browser. */
  async credentials(view: LakeView): Promise<VendingResult> {
    const known = this.#known.get(view.uid);
    if (known === undefined || !this.#isGood(known.credentials) || known.madeFor !== this.#madeFor(view)) {
      return await this.ensure(view);
    }
    if (this.#isHalfOver(known.credentials)) void this.renew(view);
    return { kind: "ready", credentials: known.credentials };
  }

  /** The view's credentials, made anew where half of their life is over and nobody has done so. Never rejects. */
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
      if (error instanceof KubernetesError) return this.#known.get(uid)?.credentials.endAt;
      throw error;
    }
  }

  /** Lets go of what is known of a view that is no more. */
  forget(uid: string): void {
    this.#known.delete(uid);
    this.#failed.delete(uid);
  }

  /** Lets go of all credentials that have ended. */
  sweep(): void {
    for (const [uid, { credentials }] of this.#known) {
      if (credentials.endAt <= this.#options.now()) this.#known.delete(uid);
    }
    for (const [uid, { until }] of this.#failed) {
      if (until <= this.#options.clock()) this.#failed.delete(uid);
    }
  }

  /** Resolves when nothing goes on any more; the signal ends it. */
  async idle(): Promise<void> {
    await this.#flights.idle();
  }

  #isGood({ endAt, life }: SessionCredentials): boolean {
    // Credentials of a very short life are good for as long as they are renewed in time.
    return endAt - this.#options.now() > Math.min(this.#timing.margin, life / 4);
  }

  #isHalfOver({ renewAt }: SessionCredentials): boolean {
    return this.#options.now() >= renewAt;
  }

  /** What credentials are made for: others are not the view's, though they may still be good. */
  #madeFor({ spec = NO_SPEC }: LakeView): string {
    const known = this.#madeFors.get(spec);
    if (known !== undefined) return known;
    const { roleArn, stsEndpoint } = this.#options.settings;
    const parts = [sessionPolicy(spec.subsets), roleArn, stsEndpoint, this.#config];
    const made = createHash("sha256").update(JSON.stringify(parts)).digest("base64url").slice(0, 22);
    this.#madeFors.set(spec, made);
    return made;
  }

  /** One flight per view and what it wants; all who ask meanwhile share it. */
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
      this.#known.set(view.uid, { madeFor: this.#madeFor(view), credentials: vended.credentials });
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
    if (spec === undefined || "problems" in policy) {
      return { kind: "failed", cause: { reason: "InvalidSpec", message: `View ${name} has no valid spec.` } };
    }
    const madeFor = this.#madeFor(view);
    const { look, takeover, moment } = this.#timing;
    let leaving: number | undefined;
    let waited: { readonly claim: string; readonly since: number } | undefined;
    let looks = new Backoff(random, look / 4, look);
    while (true) {
      const raw = await secrets.get(name, signal);
      const secret = raw && readSecret(raw);
      const step = stepOf(secret, {
        name,
        uid,
        madeFor,
        enough,
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
          progress.waitsFor = "another gateway, which was at it";
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

  /** Claims the Secret, asks STS, and writes what it gave; undefined where another one was there first. */
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
    // What is still good stays in the Secret until there is something better.
    const kept = readSecret(claimed.secret);
    const write = (content: SecretContent) =>
      this.#options.secrets.replace(this.#secret(view, content), claimed.secret.metadata, signal);
    let credentials: SessionCredentials;
    try {
      using limit = new Deadline(signal, this.#timing.assume);
      credentials = await this.#options.assumeRole(view.name, policy, limit.signal);
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
    // Whether it was lost or only its answer was: the next look tells.
    return written.kind === "lost" ? undefined : resultOf(written);
  }

  /** A write whose answer got lost on the way may have happened: then the Secret has this very claim. */
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

const NO_SPEC = { subsets: [] };

const LATE: Cause = { reason: "StsUnreachable", message: "STS has not answered in time." };
