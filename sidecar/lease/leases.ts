/** This folder extends the leases of views with traffic, and deletes the Jobs of views that fell asleep. */
import { SingleFlight } from "../async/single_flight.ts";
import { drainsAt, type Lease, renewal, type Terms } from "../view/lease.ts";
import type { ViewState } from "../view/state.ts";
import type { RenewedJob } from "../view/write_outcomes.ts";

/** The write that keeps a view awake. */
export interface LeaseWrites {
  /** Sets the Job's `activeDeadlineSeconds`, if it has this UID and the value `from`. Rejects only when the signal aborts. */
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
  /** Milliseconds between two load reports. */
  readonly reportInterval: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Ends all renewals. */
  readonly signal: AbortSignal;
  /** Called with an error that is the gateway's own fault. The next load report tries again. */
  readonly onFault: (view: string, error: unknown) => void;
}

/** Renewals at once for load reports. The other views wait for their turn. */
const LIMIT = 64;

/** Renews the leases of views with traffic. Kubernetes alone ends views without traffic. */
export class Leases {
  readonly #options: LeasesOptions;
  readonly #renewals = new SingleFlight<void>();
  /** UIDs of the Jobs whose last renewal failed, by the view's name. */
  readonly #failed = new Map<string, string>();
  /** Views with traffic whose leases are still to look at. */
  readonly #waiting = new Set<string>();
  readonly #listeners = new Set<(view: string, renewal: RenewedJob) => void>();

  constructor(options: LeasesOptions) {
    this.#options = options;
  }

  /** Calls the listener with each renewal. After it, `isEnding` and `drainsAt` may have other answers. */
  subscribe(listener: (view: string, renewal: RenewedJob) => void): void {
    this.#listeners.add(listener);
  }

  /**
   * Renews the leases of these views, which have traffic, where they are short. Renewals that have failed are tried again,
   * though the view may have had no traffic since.
   */
  renewAll(views: readonly string[]): void {
    for (const name of [...views, ...this.#failed.keys()]) this.#waiting.add(name);
    this.#renewWaiting();
  }

  /** Each renewal that ends makes room for the next: a load report may have thousands of views whose leases are short. */
  #renewWaiting(): void {
    const { views, signal } = this.#options;
    for (const name of this.#waiting) {
      if (this.#renewals.size >= LIMIT || signal.aborted) return;
      this.#waiting.delete(name);
      const view = views.get(name);
      const due = view && this.#dueRenewal(view);
      if (due !== undefined) this.#renewDue(name, due).then(() => this.#renewWaiting());
    }
  }

  /**
   * Whether a view that is awake is about to end, and gets no new requests. A view whose renewal fails still gets them:
   * while the API server does not answer, Kubernetes cannot end the view either.
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

  /** Renews a view's lease, if that is due. Resolves when the write has succeeded or failed; never rejects. */
  async renew(view: ViewState): Promise<void> {
    const due = this.#dueRenewal(view);
    if (due !== undefined) await this.#renewDue(view.name, due);
  }

  /** Forgets a deleted view. */
  forget(name: string): void {
    this.#failed.delete(name);
    this.#waiting.delete(name);
  }

  #dueRenewal(view: ViewState): DueRenewal | undefined {
    const held = leaseOf(view);
    if (held === undefined) return undefined;
    const { now, reportInterval, terms } = this.#options;
    const to = renewal(held.lease, terms(view), now(), reportInterval);
    return to === undefined ? undefined : { held, to };
  }

  #renewDue(name: string, { held, to }: DueRenewal): Promise<void> {
    return this.#renewals.run(held.job, () => this.#write(name, held, to));
  }

  async #write(name: string, { job, lease }: HeldLease, to: number): Promise<void> {
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

interface HeldLease {
  readonly job: string;
  readonly lease: Lease;
}

interface DueRenewal {
  readonly held: HeldLease;
  /** The new `activeDeadlineSeconds`. */
  readonly to: number;
}

function leaseOf({ phase }: ViewState): HeldLease | undefined {
  if ((phase.kind !== "awake" && phase.kind !== "starting") || phase.lease === undefined) return undefined;
  return { job: phase.job, lease: phase.lease };
}
