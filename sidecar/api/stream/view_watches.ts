import type { ViewResource } from "@view-gateway/types";
import type { Quota, QuotaLimits } from "../../async/quota.ts";
import { serverSentEvent } from "./event_stream.ts";
import type { ViewState } from "../../view/state.ts";
import { PendingChanges } from "./pending_changes.ts";

/** One user may have many pages open. With AUTHENTICATION=none everybody is one user. */
export const WATCH_LIMITS: QuotaLimits = { each: 200, total: 1_000 };

/** Where changes of views are told. */
export interface ChangedViews {
  subscribe(listener: (name: string, after: ViewState | undefined, before: ViewState | undefined) => void): unknown;
}

/** The streams that follow views. They share one subscription, and each state becomes text once for all of them. */
export class ViewWatches {
  /** Open streams, of each user: a user takes the place of a view. */
  readonly quota: Quota;
  readonly #open = new Set<PendingChanges>();
  readonly #texts = new WeakMap<ViewState, Map<string, string>>();

  constructor(views: ChangedViews, quota: Quota) {
    this.quota = quota;
    views.subscribe((name, _after, before) => {
      for (const pending of this.#open) pending.changed(name, before);
    });
  }

  /** Collects changes from now on, until it is closed. */
  open(only?: string): PendingChanges {
    const pending = new PendingChanges(only);
    this.#open.add(pending);
    return pending;
  }

  close(pending: PendingChanges): void {
    this.#open.delete(pending);
  }

  /**
   * The event of a view that is in this state.
   * @param base the scheme and the host that the client used: the URLs of views follow them
   */
  changedEvent(state: ViewState, base: string, resource: () => ViewResource): string {
    const texts = this.#texts.get(state) ?? new Map<string, string>();
    this.#texts.set(state, texts);
    const text = texts.get(base) ?? serverSentEvent("changed", resource());
    // A client chooses its Host: few of them are remembered.
    if (texts.size < MOST_HOSTS) texts.set(base, text);
    return text;
  }
}

const MOST_HOSTS = 4;
