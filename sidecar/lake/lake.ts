/** This folder gives views their credentials for the lake, and checks and signs requests below `/_lake/`. */
import type { ViewOpening } from "../access/opening.ts";
import type { Log } from "../logging.ts";
import type { Pause } from "../async/pause.ts";
import type { ServedMethod } from "../grpc/grpc_server.ts";
import { configFile } from "../view/pod_lake.ts";
import type { Warning } from "../view/warning.ts";
import type { Cause, ViewState } from "../view/state.ts";
import { type AssumeRole, assumeRole, AssumeRoleError } from "./assume_role.ts";
import { baseCredentials } from "./base_credentials.ts";
import type { BASE_VARIABLES } from "./base_variables.ts";
import { BROWSING_SECONDS, BrowsingCredentials } from "./browsing_credentials.ts";
import { BrowsingLimits } from "./browsing_limits.ts";
import { BucketProbe } from "./bucket_probe.ts";
import { BucketCheck } from "./bucket_check.ts";
import { filesInPod } from "./credential_files.ts";
import { Deliveries, type DeliveryWays } from "./deliveries.ts";
import { ExtProcService } from "./ext_proc_service.ts";
import { KeptSignatures } from "./kept_signatures.ts";
import { LakeLister } from "./lake_lister.ts";
import { Renewals } from "./renewals.ts";
import { S3Lists } from "./s3_lists.ts";
import type { SessionCredentials } from "./session_credentials.ts";
import type { LakeSettings } from "./settings.ts";
import type { VendingResult } from "./vending_result.ts";
import { Vending } from "./vending.ts";
import type { Secrets } from "./vending_options.ts";

/** What brings credentials to pods. */
export interface LakeDelivery {
  /** As of `DeliveryWays`. The files are by their paths in the pod. */
  readonly assign: (
    view: ViewState,
    files: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ) => Promise<string | undefined>;
  readonly annotate: DeliveryWays["annotate"];
  readonly onDelivered: (view: string) => void;
  readonly onFailure: (view: string, message: string) => void;
}

/** A view's files for a claimed pod, and when their credentials end. */
export type FilesForPod =
  | { readonly kind: "ready"; readonly files: Readonly<Record<string, string>>; readonly endAt?: number }
  | Exclude<VendingResult, { readonly kind: "ready" }>;

export interface LakeOptions {
  readonly settings: LakeSettings;
  readonly secrets: Secrets;
  readonly views: { get(name: string): ViewState | undefined };
  /** Decides who may open which view; missing where everybody may open all. */
  readonly openings?: ViewOpening | undefined;
  readonly baseHost: string;
  /** Of the sockets that Envoy and the sidecar share. */
  readonly socketDirectory: string;
  readonly gateToken: string;
  /** Labels that the configured selector requires. */
  readonly required: Readonly<Record<string, string>>;
  /** The environment variables of the sidecar's own credentials. */
  readonly variable: (name: typeof BASE_VARIABLES[number]) => string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Monotonic, in milliseconds. */
  readonly clock: () => number;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly pause: Pause;
  /** Ends all that goes on. */
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly delivery: LakeDelivery;
  /** Publishes to Envoy that it must use no signature that it has kept before. */
  readonly publish: (generation: string) => void;
  /** Called with a warning about a view, for an Event. */
  readonly onWarning?: (view: Pick<ViewState, "name" | "uid">, notice: Warning) => void;
  /** Makes an AssumeRole for views a part of traces. */
  readonly traced?: ((assume: AssumeRole) => AssumeRole) | undefined;
  /** Called at the end of each AssumeRole, with the cause where it failed. */
  readonly onAssumed?: (cause: Cause | undefined) => void;
  /** Called with the outcome of each request below `/_lake/` at the sidecar. */
  readonly onRequest?: (view: string, outcome: "signed" | "refused" | "failed") => void;
}

/** The sidecar's part in the lake: credentials for views that run, and the check of requests below `/_lake/`. */
export class Lake {
  readonly #vending: Vending;
  readonly #renewals: Renewals;
  readonly #deliveries: Deliveries;
  readonly #config: string;
  readonly #extProc: ExtProcService;
  readonly #kept: KeptSignatures;
  readonly #probe: BucketProbe;
  readonly #buckets: BucketCheck;
  readonly #browsing: BrowsingCredentials;
  readonly #lists: S3Lists;
  /** Lists the lake for people. */
  readonly browser: LakeLister;

  constructor(options: LakeOptions) {
    const { settings, secrets, views, baseHost, gateToken, required, now, clock, random, pause, signal, log } = options;
    const { onAssumed, onRequest, traced = (assume) => assume } = options;
    this.#vending = new Vending({
      ...{ secrets, settings, required, now, clock, random, pause, signal },
      assumeRole: traced(
        assumeRole({ settings, base: baseCredentials(settings, options.variable), now, random, pause }),
      ),
      onFault: (view, error) => log.error("No credentials could be made for view {view}: {error}", { view, error }),
      onAssumed: (view, cause) => {
        onAssumed?.(cause);
        if (cause === undefined) log.info("View {view} has new credentials for the lake", { view });
        else log.warn("There are no new credentials for view {view}: {reason}: {message}", { view, ...cause });
      },
    });
    this.#config = configFile(settings);
    this.#deliveries = new Deliveries({
      ...{ ...options.delivery, pause, random },
      view: (name) => views.get(name),
      assign: (view, credentials, signal) => options.delivery.assign(view, this.#files(credentials), signal),
      onFault: (view, error) => log.error("Credentials do not reach view {view}: {error}", { view, error }),
    });
    this.#renewals = new Renewals({
      ...{ vending: this.#vending, now, random, pause },
      onPresent: (view, credentials) => this.#deliveries.present(view, credentials),
      onFailure: (view, message) => log.warn("The renewal for view {view} goes on: {message}", { view, message }),
    });
    this.#kept = new KeptSignatures({ views, publish: options.publish, now, clock });
    this.#extProc = new ExtProcService({
      ...{ views, openings: options.openings, vending: this.#vending, settings, baseHost, gateToken, now },
      kept: this.#kept,
      ...onRequest && { onRequest },
    });
    const probe = new BucketProbe(options.socketDirectory, baseHost);
    this.#probe = probe;
    this.#buckets = new BucketCheck({
      ...{ clock, signal },
      probe: (...bucket) => probe.at(...bucket),
      onDenied: (view, bucket, message) => {
        log.warn("{message}", { view: view.name, message });
        options.onWarning?.(view, { reason: "BucketDenied", message, once: bucket });
      },
    });
    this.#browsing = new BrowsingCredentials({ assumeRole: browsingRole(options), clock, signal });
    this.#lists = new S3Lists(options);
    const [credentials, lists] = [this.#browsing, this.#lists];
    this.browser = new LakeLister({ credentials, lists, limits: new BrowsingLimits(clock), signal });
  }

  /** The method to serve Envoy. */
  get served(): ServedMethod {
    return this.#extProc.served;
  }

  /**
   * For a launch of a view with subsets: ensures that its Secret holds good credentials, and checks its buckets. Never
   * rejects.
   */
  async ensure(view: ViewState): Promise<VendingResult | { readonly kind: "not needed" }> {
    if (!view.spec?.subsets.length) return { kind: "not needed" };
    const vended = await this.#vending.ensure(view);
    if (vended.kind !== "ready") return vended;
    const cause = await this.#buckets.missing(view);
    return cause === undefined ? vended : { kind: "failed", cause };
  }

  /** The files that a claimed pod of the view gets with its assignment. Never rejects. */
  async podFiles(view: ViewState): Promise<FilesForPod> {
    if (!view.spec?.subsets.length) return { kind: "ready", files: {} };
    const vended = await this.#vending.credentials(view);
    if (vended.kind !== "ready") return vended;
    return { kind: "ready", files: this.#files(vended.credentials), endAt: vended.credentials.endAt };
  }

  /** A claimed pod has got files whose credentials end then. */
  given(view: string, pod: string, endAt: number): void {
    this.#deliveries.given(view, pod, endAt);
  }

  /** When the view's present credentials end, in milliseconds since the epoch; undefined where it has none. */
  async credentialsEndAt(view: ViewState, signal: AbortSignal): Promise<number | undefined> {
    return view.spec?.subsets.length ? await this.#vending.endAt(view, signal) : undefined;
  }

  /** Takes a view's new state; undefined where the view does not exist any more. */
  update(name: string, state: ViewState | undefined, before: ViewState | undefined): void {
    this.#kept.update(name, state, before);
    if (before !== undefined && before.uid !== state?.uid) this.#vending.forget(before.uid);
    this.#renewals.update(name, state);
    this.#deliveries.update(name, state);
  }

  /** Forgets what is no longer of use, until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    await this.#renewals.sweep(signal);
  }

  /** Resolves when nothing goes on any more: call it when the signal has aborted. */
  async stop(): Promise<void> {
    await this.#renewals.stop();
    await this.#deliveries.stop();
    await this.#vending.idle();
    await this.#browsing.idle();
    this.#lists.close();
    this.#probe.close();
  }

  #files(credentials: SessionCredentials): Readonly<Record<string, string>> {
    return filesInPod(credentials, this.#config);
  }
}

function browsingRole({ variable, settings: given, onAssumed, log, now, random, pause }: LakeOptions): AssumeRole {
  const settings = { ...given, credentialsSeconds: BROWSING_SECONDS };
  const assume = assumeRole({ settings, base: baseCredentials(settings, variable), now, random, pause });
  return async (session, policy, signal) => {
    try {
      const credentials = await assume(session, policy, signal);
      onAssumed?.(undefined);
      return credentials;
    } catch (error) {
      if (error instanceof AssumeRoleError) {
        onAssumed?.(error.cause);
        log.warn("There are no credentials for session {session}: {reason}: {message}", { session, ...error.cause });
      }
      throw error;
    }
  };
}

/** Without a lake, a view with subsets cannot start. Only `kubectl apply` can make such a view. */
export const NO_LAKE = {
  ensure: (
    view: ViewState,
  ): Promise<{ readonly kind: "not needed" } | { readonly kind: "failed"; readonly cause: Cause }> =>
    Promise.resolve(view.spec?.subsets.length ? { kind: "failed", cause: NONE } : { kind: "not needed" }),
};

const NONE: Cause = { reason: "NoLake", message: "the view has subsets, and no lake is configured for this gateway." };
