import type { Served } from "../grpc/grpc_server.ts";
import type { Cause, ViewState } from "../view/state.ts";
import { assumeRole } from "./assume_role.ts";
import type { BaseKeys } from "./sts_client.ts";
import { ExtProcService } from "./ext_proc_service.ts";
import { Renewals } from "./renewals.ts";
import type { LakeSettings } from "./settings.ts";
import { type LakeView, type Secrets, type Vended, Vending } from "./vending.ts";

export interface LakeOptions {
  readonly settings: LakeSettings;
  readonly views: { get(name: string): ViewState | undefined };
  readonly secrets: Secrets;
  /** The sidecar's own credentials. */
  readonly base: () => Promise<BaseKeys>;
  /** Labels that the configured selector asks for. */
  readonly required: Readonly<Record<string, string>>;
  readonly baseHost: string;
  /** Ends all that goes on. */
  readonly signal: AbortSignal;
  /** Told of each AssumeRole; the cause where it brought nothing. */
  readonly onAssumed: (view: string, cause: Cause | undefined) => void;
  /** Told how each request below `/_lake/` was answered before, or instead of, S3. */
  readonly onRequest: (view: string, outcome: "signed" | "refused" | "failed") => void;
  /** Told of each renewal that failed, and goes on. */
  readonly onRenewalFailure: (view: string, message: string) => void;
}

/** What the sidecar has to do with the lake: credentials for views, and `/_lake/`. */
export class Lake {
  readonly settings: LakeSettings;
  readonly #vending: Vending;
  readonly #renewals: Renewals;
  readonly #extProc: ExtProcService;

  constructor(options: LakeOptions) {
    const { settings, views, secrets, base, required, baseHost, signal } = options;
    const [now, random] = [Date.now, Math.random];
    this.settings = settings;
    this.#vending = new Vending({
      secrets,
      assumeRole: assumeRole({ settings, base, now, random }),
      settings,
      required,
      now,
      clock: () => performance.now(),
      random,
      signal,
      onAssumed: options.onAssumed,
    });
    this.#renewals = new Renewals({ vending: this.#vending, now, random, onFailure: options.onRenewalFailure });
    this.#extProc = new ExtProcService({
      views,
      vending: this.#vending,
      settings,
      baseHost,
      now,
      onRequest: options.onRequest,
    });
  }

  /** Envoy's ext_proc for `/_lake/`. */
  get served(): Served {
    return this.#extProc.served;
  }

  /** Takes a view's new state; undefined stands for a view that does not exist any more. */
  update(name: string, state: ViewState | undefined): void {
    this.#renewals.update(name, state);
  }

  /** Sees to it that a view's credentials are in its Secret, which its pods mount. Never rejects. */
  async ensure(view: LakeView): Promise<Vended | undefined> {
    return view.spec?.subsets.length ? await this.#vending.ensure(view) : undefined;
  }

  credentialsEndAt(view: ViewState, signal: AbortSignal): Promise<number | undefined> {
    return this.#vending.endAt(view, signal);
  }

  /** Resolves when nothing goes on any more; the signal has ended it. */
  async stop(): Promise<void> {
    this.#renewals.stop();
    await this.#vending.idle();
  }
}
