import type { Routed } from "./gate/gate.ts";
import { ENDPOINTS, type Resource, type ResourceId } from "./proto/resource.ts";
import type { Address, ViewState } from "./view/state.ts";

/** What Envoy is to know of a view that is, or was lately, awake. */
export interface ViewEndpoints {
  readonly name: string;
  readonly serving: readonly Address[];
  readonly draining: readonly Address[];
}

/** The part of the xDS server that takes resources and knows what Envoy has made of them. */
export interface Xds {
  publish(change: { readonly set: readonly Resource[]; readonly removed: readonly ResourceId[] }): void;
  acked(type: ResourceId["type"], name: string, version: string): boolean;
  untilAcked(type: ResourceId["type"], name: string, version: string, signal: AbortSignal): Promise<void>;
}

export interface PublisherOptions {
  readonly xds: Xds;
  /** A view's cluster and endpoints; the cluster first. */
  readonly resources: (view: ViewEndpoints) => readonly Resource[];
  /** Milliseconds that the cluster of a view stays, empty, after it fell asleep. */
  readonly grace: number;
}

interface Published {
  readonly resources: readonly Resource[];
  /** The version of the endpoints. */
  readonly version: string;
  /** Runs while the view is not awake. */
  readonly removal: ReturnType<typeof setTimeout> | undefined;
}

/**
 * Tells Envoy of the views that are awake, and of no others. A view that fell asleep, or was deleted, keeps an empty
 * cluster for a while: its requests go on to the gate, which knows what to say, instead of failing in mid-air.
 */
export class Publisher implements Routed {
  readonly #published = new Map<string, Published>();
  readonly #options: PublisherOptions;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  /** Takes a view's new state; undefined stands for a view that does not exist any more. */
  update(name: string, state: ViewState | undefined): void {
    const before = this.#published.get(name);
    const serving = state?.phase.kind === "awake" ? state.phase.serving : [];
    const awake = serving.length > 0;
    if (!awake && before === undefined) return;
    const { xds, grace } = this.#options;
    const resources = this.#options.resources({ name, serving, draining: state?.draining ?? [] });
    const set = resources.filter(({ version }, i) => version !== before?.resources[i]?.version);
    if (awake) clearTimeout(before?.removal);
    this.#published.set(name, {
      resources,
      version: resources.find(({ type }) => type === ENDPOINTS)?.version ?? "",
      removal: awake ? undefined : before?.removal ?? setTimeout(() => this.#remove(name), grace),
    });
    if (set.length > 0) xds.publish({ set, removed: [] });
  }

  /** The version of the view's endpoints as Envoy should have them; undefined while it should have none. */
  version(view: string): string | undefined {
    return this.#published.get(view)?.version;
  }

  now(view: string): boolean {
    const version = this.version(view);
    return version !== undefined && this.#options.xds.acked(ENDPOINTS, view, version);
  }

  async until(view: string, signal: AbortSignal): Promise<void> {
    const version = this.version(view);
    if (version === undefined) throw new Error(`View ${view} has not been published to Envoy.`);
    await this.#options.xds.untilAcked(ENDPOINTS, view, version, signal);
  }

  /** Ends all waits for a removal. */
  stop(): void {
    for (const { removal } of this.#published.values()) clearTimeout(removal);
  }

  #remove(name: string): void {
    const published = this.#published.get(name);
    if (published === undefined) return;
    this.#published.delete(name);
    this.#options.xds.publish({ set: [], removed: published.resources.map(({ type, name }) => ({ type, name })) });
  }
}
