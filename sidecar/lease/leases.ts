import { SingleFlight } from "../async/single_flight.ts";
import { drainsAt, type Lease, renewal, type Terms } from "../view/lease.ts";
import type { ViewState } from "../view/state.ts";
import type { RenewedJob } from "../view/write_outcomes.ts";

/** The one write that keeps a view awake. */
export interface LeaseWrites {
  /** Sets the Job's `activeDeadlineSeconds`, if it still has this UID and the other value. Never rejects but by abort. */
  renew(
    name: string,
    job: { readonly uid: string; readonly from: number; readonly to: number },
    signal: AbortSignal,
  ): Promise<RenewedJob>;
}

export interface LeasesOptions {
  readonly views: { get(name: string): ViewState | undefined };
  readonly jobs: LeaseWrites;
  readonly terms: (view: ViewState) => Terms;
  /** Milliseconds between two looks at a view's traffic. */
  readonly look: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Ends all renewals. */
  readonly signal: AbortSignal;
  /** Told of a renewal that broke off by a fault of the gateway's own; the next look at the view's traffic tries again. */
  readonly onFault: (view: string, error: unknown) => void;
}

/** Renewals that may be under way at once. What comes beyond them comes again with the next load report. */
const LIMIT = 64;

/** Sees to it that views with traffic stay awake. That those without fall asleep is Kubernetes' business alone. */
export class Leases {
  readonly #options: LeasesOptions;
  readonly #renewals = new SingleFlight<void>();
  /** Views, and the UIDs of their Jobs, whose lease could not be renewed last time. */
  readonly #failed = new Map<string, string>();

  readonly #listeners = new Set<(view: string, renewal: RenewedJob) => void>();

  constructor(options: LeasesOptions) {
    this.#options = options;
  }

  /** Calls the listener with each renewal: `isEnding` and `drainsAt` may say something else of the view from then on. */
  subscribe(listener: (view: string, renewal: RenewedJob) => void): void {
    this.#listeners.add(listener);
  }

  /** These views have traffic now: those whose lease gets short are renewed. */
  traffic(views: readonly string[]): void {
    for (const name of views) {
      if (this.#renewals.size >= LIMIT) return;
      const view = this.#options.views.get(name);
      if (view !== undefined) this.renew(view);
    }
  }

  /**
   * Whether a view that is awake is to get no new requests, as it is about to end. One whose lease cannot be renewed
   * gets them to its very end: while the API server is away, it cannot end the view either.
   */
  isEnding(view: ViewState): boolean {
    const at = this.drainsAt(view);
    return at !== undefined && at <= this.#options.now();
  }

  /** When a view that is awake stops getting new requests, in milliseconds since the epoch; undefined for never. */
  drainsAt(view: ViewState): number | undefined {
    const held = leaseOf(view);
    if (held === undefined || this.#failed.get(view.name) === held.job) return undefined;
    return drainsAt(held.lease, this.#options.terms(view));
  }

  /** Renews a view's lease, if that is due; resolves when that has come out, one way or the other. Never rejects. */
  async renew(view: ViewState): Promise<void> {
    const held = leaseOf(view);
    if (held === undefined) return;
    const { now, look, terms } = this.#options;
    const to = renewal(held.lease, terms(view), now(), look);
    if (to === undefined) return;
    await this.#renewals.run(held.job, () => this.#write(view.name, held, to));
  }

  /** The view is gone. */
  forget(name: string): void {
    this.#failed.delete(name);
  }

  async #write(name: string, { job, lease }: Held, to: number): Promise<void> {
    const { jobs, signal, onFault } = this.#options;
    try {
      const result = await jobs.renew(name, { uid: job, from: lease.activeDeadlineSeconds, to }, signal);
      if (result.kind === "unavailable" || result.kind === "refused") this.#failed.set(name, job);
      else this.#failed.delete(name);
      for (const listener of this.#listeners) listener(name, result);
    } catch (error) {
      if (signal.aborted) return;
      this.#failed.set(name, job);
      onFault(name, error);
    }
  }
}

interface Held {
  readonly job: string;
  readonly lease: Lease;
}

function leaseOf({ phase }: ViewState): Held | undefined {
  if ((phase.kind !== "awake" && phase.kind !== "starting") || phase.lease === undefined) return undefined;
  return { job: phase.job, lease: phase.lease };
}
