/** This folder publishes the views of the snapshot to Envoy. */
import { isDeepStrictEqual } from "node:util";
import type { ViewEndpoints } from "../envoy/endpoints.ts";
import { type EndpointAcks, EndpointsRefusedError } from "../envoy/endpoint_acks.ts";
import { ENDPOINTS, type Resource, type ResourceId } from "../proto/resource.ts";
import { LONGEST_PAUSE, type Pause } from "../async/pause.ts";
import { publicCluster, viewOfCluster } from "../view/public_cluster.ts";
import { isRunning, type ViewState } from "../view/state.ts";
import { NotAckedError } from "../xds/not_acked.ts";

/** The part of the xDS server that takes resources and knows which of them Envoy has ACKed. */
export interface Xds {
  publish(change: { readonly set: readonly Resource[]; readonly removed: readonly ResourceId[] }): void;
  acked(type: ResourceId["type"], name: string, version: string): boolean;
  untilAcked(type: ResourceId["type"], name: string, version: string, signal: AbortSignal): Promise<void>;
}

export interface PublisherOptions {
  readonly xds: Xds;
  /** A view's cluster and endpoints, the cluster first; then those of its public cluster, if it has one. */
  readonly resources: (view: ViewEndpoints) => readonly Resource[];
  /** When a view that is awake starts to drain, in milliseconds since the epoch; undefined for never. */
  readonly drainsAt: (view: ViewState) => number | undefined;
  /** Whether requests wait for the view. */
  readonly isHeld: (view: string) => boolean;
  /** Milliseconds that a view's cluster stays, empty, after the view has fallen asleep. */
  readonly grace: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly pause: Pause;
}

interface Published {
  /** Undefined where the view does not exist any more. */
  readonly state: ViewState | undefined;
  readonly endpoints: ViewEndpoints;
  readonly resources: readonly Resource[];
  /** The version of the endpoints. */
  readonly version: string;
  /** Runs from the time that the view falls asleep until it is awake again. */
  readonly removal: AbortController | undefined;
  /** Runs while the view is awake, until it drains. */
  readonly drain: AbortController | undefined;
}

/**
 * Publishes to Envoy the views that are awake, and no others: without a cluster of its view, a request goes to the gate by
 * the cluster for its body. A view that has fallen asleep, or was deleted, keeps an empty cluster for a grace time: its
 * requests go to the gate, which answers them, instead of failing. A cluster depends on its view's name alone. It stays
 * while requests are in it, also while they wait: Envoy's load reports count a request for as long as its cluster is the
 * same. So the public cluster of a view that is public no longer stays, too, and its new requests go to the gate.
 */
export class Publisher implements EndpointAcks {
  readonly #published = new Map<string, Published>();
  readonly #options: PublisherOptions;
  #stopped = false;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  /** Takes a view's new state; undefined where the view does not exist any more. */
  update(name: string, state: ViewState | undefined): void {
    if (this.#stopped) return;
    if (state?.phase.kind === "awake" || this.#published.has(name)) this.#publish(name, state);
  }

  /** Checks again whether the view drains. */
  refresh(name: string): void {
    const published = this.#published.get(name);
    if (published !== undefined && !this.#stopped) this.#publish(name, published.state);
  }

  /**
   * Envoy has these clusters from an earlier sidecar. Those of views that exist stay for the grace time: requests may be
   * held in them, and Envoy cannot retry a request whose cluster is gone.
   */
  keep(names: readonly string[], get: (name: string) => ViewState | undefined): void {
    const clusters = new Set(names);
    for (const name of new Set(names.map(viewOfCluster))) {
      const state = name === undefined ? undefined : get(name);
      if (name === undefined || state === undefined || this.#published.has(name) || this.#stopped) continue;
      this.#publish(name, state, clusters.has(publicCluster(name)));
    }
  }

  /** @param hadDoor whether Envoy has the view's public cluster from an earlier sidecar */
  #publish(name: string, state: ViewState | undefined, hadDoor = false): void {
    const before = this.#published.get(name);
    const { xds, now } = this.#options;
    const { draining = [], phase } = state ?? {};
    const serving = phase?.kind === "awake" ? phase.serving : [];
    const drainsAt = state && serving.length > 0 ? this.#options.drainsAt(state) : undefined;
    const ending = drainsAt !== undefined && drainsAt <= now();
    const door = state?.public ? "open" : hadDoor || before?.endpoints.door !== undefined ? "closed" : undefined;
    const endpoints: ViewEndpoints = ending
      ? { name, door, serving: [], draining: [...serving, ...draining] }
      : { name, door, serving, draining };
    // Most changes of a view that starts do not change its addresses.
    const resources = before !== undefined && isDeepStrictEqual(endpoints, before.endpoints)
      ? before.resources
      : this.#options.resources(endpoints);
    before?.drain?.abort();
    if (phase?.kind === "awake") before?.removal?.abort();
    this.#published.set(name, {
      state,
      endpoints,
      resources,
      version: resources.find(({ type }) => type === ENDPOINTS)?.version ?? "",
      removal: phase?.kind === "awake" ? undefined : before?.removal ?? this.#removal(name, state),
      drain: drainsAt === undefined || ending
        ? undefined
        : this.#later(Math.min(drainsAt - now(), LONGEST_PAUSE), () => this.refresh(name)),
    });
    const set = resources.filter(({ version }, i) => version !== before?.resources[i]?.version);
    if (set.length > 0) xds.publish({ set, removed: [] });
  }

  /** The version of the view's endpoints as Envoy should have them; undefined while it should have none. */
  version(view: string): string | undefined {
    return this.#published.get(view)?.version;
  }

  isAcked(view: string): boolean {
    const version = this.version(view);
    return version !== undefined && this.#options.xds.acked(ENDPOINTS, view, version);
  }

  async untilAcked(view: string, signal: AbortSignal): Promise<void> {
    const version = this.version(view);
    if (version === undefined) throw new Error(`View ${view} has not been published to Envoy.`);
    try {
      await this.#options.xds.untilAcked(ENDPOINTS, view, version, signal);
    } catch (error) {
      const refused = error instanceof NotAckedError && error.reason === "refused";
      throw refused ? new EndpointsRefusedError(error.message) : error;
    }
  }

  /** Ends all timers; none begins any more. */
  stop(): void {
    this.#stopped = true;
    for (const { removal, drain } of this.#published.values()) {
      removal?.abort();
      drain?.abort();
    }
  }

  /** Does this after a pause, unless it is aborted before. */
  #later(milliseconds: number, action: () => void): AbortController {
    const stop = new AbortController();
    this.#options.pause(milliseconds, stop.signal).then(action, () => {});
    return stop;
  }

  /** While a view starts again, its pods may have open streams. So only sleep begins the removal. */
  #removal(name: string, state: ViewState | undefined): AbortController | undefined {
    return isRunning(state) ? undefined : this.#later(this.#options.grace, () => this.#remove(name));
  }

  #remove(name: string): void {
    const published = this.#published.get(name);
    if (published === undefined) return;
    const { xds, isHeld, grace } = this.#options;
    if (isHeld(name)) {
      this.#published.set(name, { ...published, removal: this.#later(grace, () => this.#remove(name)) });
      return;
    }
    this.#published.delete(name);
    xds.publish({ set: [], removed: published.resources.map(({ type, name }) => ({ type, name })) });
  }
}
