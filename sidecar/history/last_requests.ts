import { type Lease, leaseEndsAt, type Terms } from "../view/lease.ts";
import type { ViewState } from "../view/state.ts";
import { Newest } from "./newest.ts";

export interface LastRequestsOptions {
  readonly terms: (view: ViewState) => Terms;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Most views. */
  readonly limit?: number;
}

/** A time takes about a hundred bytes. */
const LIMIT = 10_000;

/** Remembers when views last had a request, as far as this gateway knows. */
export class LastRequests {
  readonly #options: LastRequestsOptions;
  /** In milliseconds since the epoch. */
  readonly #times: Newest<number>;

  constructor(options: LastRequestsOptions) {
    this.#options = options;
    this.#times = new Newest(options.limit ?? LIMIT);
  }

  /** These views have requests now, or had some since the last load report. */
  seen(views: Iterable<string>): void {
    const now = this.#options.now();
    for (const view of views) this.#times.set(view, now);
  }

  /**
   * Takes a change of a view's state. A lease that was renewed shows traffic, also at another gateway. Of a view that was
   * renewed before this gateway watched it, the lease says about when.
   */
  changed(name: string, after: ViewState | undefined, before: ViewState | undefined): void {
    if (after === undefined || before !== undefined && before.uid !== after.uid) return this.#times.delete(name);
    const at = renewedAt(after, before, this.#options);
    if (at !== undefined && at > (this.#times.get(name) ?? 0)) this.#times.set(name, at);
  }

  /** In milliseconds since the epoch; undefined if this gateway knows of no request. */
  get(name: string): number | undefined {
    return this.#times.get(name);
  }
}

/** When the view's lease was renewed, in milliseconds since the epoch; undefined if it was not, or nobody knows. */
function renewedAt(
  after: ViewState,
  before: ViewState | undefined,
  { terms, now }: Pick<LastRequestsOptions, "terms" | "now">,
): number | undefined {
  const lease = leaseOf(after);
  if (lease === undefined) return undefined;
  if (before === undefined) {
    const { idle } = terms(after);
    return lease.activeDeadlineSeconds > idle ? Math.min(now(), leaseEndsAt(lease) - idle * 1000) : undefined;
  }
  const former = leaseOf(before);
  const isSame = former !== undefined && former.startedAt === lease.startedAt;
  return isSame && lease.activeDeadlineSeconds > former.activeDeadlineSeconds ? now() : undefined;
}

function leaseOf({ phase }: ViewState): Lease | undefined {
  return "lease" in phase ? phase.lease : undefined;
}
