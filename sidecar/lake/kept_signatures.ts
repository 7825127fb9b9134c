import type { Opening } from "../access/opening.ts";
import type { ViewState } from "../view/state.ts";

/** Seconds for which Envoy may use a signature again: as long as an answer of RBAC counts. */
export const KEPT_SECONDS = 5;

/** Milliseconds for which a view counts as one whose signatures Envoy may have: more than enough, if a clock is set. */
const REMEMBERED = 60_000;

/** The most views at a time whose signatures Envoy may have. */
const MOST_VIEWS = 10_000;

/** On what conditions Envoy may use a signature again. Times are in seconds since the epoch. */
export interface Kept {
  readonly from: number;
  /** From then on it may not. */
  readonly till: number;
  /** Whether only those may have the answer whose cookie for the view Envoy has verified. */
  readonly own: boolean;
}

export interface KeptSignaturesOptions {
  readonly views: { get(name: string): ViewState | undefined };
  /** For how long Envoy may use one. Default: `KEPT_SECONDS`. */
  readonly seconds?: number;
  /** Publishes to Envoy that it must use nothing that it has kept; each generation is another one. */
  readonly publish: (generation: string) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Monotonic, in milliseconds. */
  readonly clock: () => number;
}

/**
 * Allows Envoy to use signatures again for some seconds, and takes that back when their view changes. A request that began
 * before keeps its signature where no later request finds it, so that an answer of this sidecar's that is under way cannot
 * bring back what was taken back.
 */
export class KeptSignatures {
  readonly #options: KeptSignaturesOptions;
  /** When each view can be forgotten. */
  readonly #views = new Map<string, number>();
  readonly #start: number;
  #changes = 0;

  constructor(options: KeptSignaturesOptions) {
    this.#options = options;
    this.#start = options.now();
    // Views may have changed while there was no sidecar.
    this.#publish();
  }

  /**
   * On what conditions Envoy may keep a signature for the view; undefined where it may not.
   * @param view as it was when the request came; it may have changed since
   */
  allow(view: ViewState, opening: Opening | undefined, credentialsEndAt: number): Kept | undefined {
    const own = opening !== undefined && !view.public;
    // The sidecar decides on each request of everybody else.
    if (own && !(opening.kind === "open" && opening.byCookie)) return undefined;
    if (!isSame(view, this.#options.views.get(view.name))) return undefined;
    const { now, seconds = KEPT_SECONDS } = this.#options;
    const from = Math.floor(now() / 1000);
    const till = Math.min(from + seconds, Math.floor(credentialsEndAt / 1000));
    return till > from && this.#remember(view.name) ? { from, till, own } : undefined;
  }

  /** Takes a view's new state; undefined where the view does not exist any more. */
  update(name: string, state: ViewState | undefined, before: ViewState | undefined): void {
    if (!this.#views.has(name)) return;
    if (before !== undefined && isSame(before, state)) return;
    this.#views.clear();
    this.#publish();
  }

  #publish(): void {
    this.#options.publish(`${this.#start}.${this.#changes++}`);
  }

  #remember(view: string): boolean {
    const now = this.#options.clock();
    // The oldest come first.
    this.#views.delete(view);
    for (const [name, end] of this.#views) {
      if (end > now) break;
      this.#views.delete(name);
    }
    if (this.#views.size >= MOST_VIEWS) return false;
    this.#views.set(view, now + REMEMBERED);
    return true;
  }
}

/** Whether they are one version of one Service. */
function isSame({ uid, resourceVersion }: ViewState, other: ViewState | undefined): boolean {
  return other !== undefined && other.uid === uid && other.resourceVersion === resourceVersion;
}
