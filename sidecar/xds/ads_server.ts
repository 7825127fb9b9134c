/** This folder sends resources to Envoy by delta ADS, and records what Envoy ACKs and refuses. */
import type { Log } from "../logging.ts";
import { CLUSTER, ENDPOINTS, type ResourceId, type TypeUrl } from "../proto/resource.ts";
import { bidirectional } from "../grpc/method.ts";
import type { ServedMethod } from "../grpc/grpc_server.ts";
import { subscriptionOf } from "./client.ts";
import { notPublished, refused } from "./not_acked.ts";
import { apply, type Change, EMPTY_SET, type ResourceSet, resourcesOf } from "./resource_set.ts";
import type { Response } from "./response.ts";
import { type AdsCall, AdsStream, type AdsStreamEvents } from "./ads_stream.ts";
import type { Received } from "./subscription.ts";
import { Waiters } from "../async/waiters.ts";
import { DELTA_ADS } from "./wire.ts";

/** Counts resources, by type URL. */
export interface Observer {
  /** Sent, or sent as removed. */
  onUpdate(type: string, count: number): void;
  onAck(type: string, count: number): void;
  /** Refused, each by itself. */
  onNack(type: string, count: number): void;
}

export interface AdsOptions {
  readonly observer: Observer;
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export interface AdsStatus {
  /** Whether the server sends resources yet. */
  readonly started: boolean;
  /** Newest last. Its ACKs are those that count. */
  readonly streams: readonly StreamStatus[];
}

export interface StreamStatus {
  readonly node: string;
  /** Whether the client has, or once had, everything, with a listener. */
  readonly served: boolean;
  /** The resources that the client refuses. `since` is in milliseconds since the epoch. */
  readonly nacks: readonly {
    readonly type: string;
    readonly name: string;
    readonly version: string;
    readonly message: string;
    readonly since: number;
  }[];
}

/**
 * Sends a set of resources to Envoy over delta ADS, and knows what Envoy has ACKed. Several streams may be open while
 * Envoy reconnects: the newest counts.
 */
export class AdsServer implements AdsStreamEvents {
  readonly #observer: Observer;
  readonly #log: Log;
  readonly #now: () => number;
  readonly #listeners = new Set<(type: string, names: readonly string[]) => void>();
  readonly #waiters = new Waiters();
  readonly #streams = new Set<AdsStream>();
  #set: ResourceSet = EMPTY_SET;
  #started = false;
  #stopped = false;

  constructor(options: AdsOptions) {
    this.#observer = options.observer;
    this.#log = options.log;
    this.#now = options.now;
  }

  /** Calls the listener with what a client has from another process, before the client is sent what differs. */
  subscribe(listener: (type: string, names: readonly string[]) => void): void {
    this.#listeners.add(listener);
  }

  /** The method to serve. */
  get served(): ServedMethod {
    return { method: bidirectional(DELTA_ADS), handler: (call: AdsCall) => this.#open(call) };
  }

  /** Begins to send what is published. Clients wait until then. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    for (const stream of this.#streams) stream.start(this.#set);
  }

  /** Ends all streams and opens no more. */
  stop(): void {
    this.#stopped = true;
    for (const stream of this.#streams) stream.stop();
  }

  /** Sets and removes resources. The cost depends on what changes, not on how many resources there are. */
  publish(change: Change): void {
    const { set, changed } = apply(this.#set, change);
    if (changed.length === 0) return;
    this.#set = set;
    if (!this.#started) return;
    for (const stream of this.#streams) stream.publish(changed, set);
    for (const id of changed) this.#waiters.wake(key(id));
  }

  /** Whether Envoy has ACKed this version of a resource, or the version that has replaced it. */
  acked(type: TypeUrl, name: string, version: string): boolean {
    const versions = this.#newest && subscriptionOf(this.#newest.client, type).versions.get(name);
    if (versions?.acked === undefined) return false;
    return versions.acked === version || versions.acked === this.#published({ type, name })?.version;
  }

  /**
   * Resolves once `acked`. Rejects with the signal's reason, or with a NotAckedError where the resource is not published,
   * or where Envoy refuses it or the cluster of the endpoints.
   */
  untilAcked(type: TypeUrl, name: string, version: string, signal: AbortSignal): Promise<void> {
    const id = { type, name };
    return this.#waiters.until(key(id), () => {
      if (this.acked(type, name, version)) return true;
      if (this.#published(id) === undefined) throw notPublished(id);
      this.#refuseRefused(id);
      if (type === ENDPOINTS) this.#refuseRefused({ type: CLUSTER, name });
      return false;
    }, signal);
  }

  status(): AdsStatus {
    return { started: this.#started, streams: this.#identified().map(statusOf) };
  }

  received(stream: AdsStream, type: string, { acked, nacked, suspected, first }: Received): void {
    if (first) this.#waiters.wakeAll();
    if (acked.length > 0) this.#observer.onAck(type, acked.length);
    if (nacked.length > 0) this.#observer.onNack(type, nacked.length);
    for (const { name, nack: { version, message } } of nacked) {
      this.#log.warn("Envoy refuses {type} {name}: {message}", { type, name, version, message, node: stream.node });
    }
    if (suspected > 0) {
      this.#log.info("Envoy refuses {count} of {type} together; they are sent again in smaller groups", {
        type,
        count: suspected,
      });
    }
    for (const { name } of acked) this.#waiters.wake(key({ type, name }));
    for (const { name } of nacked) {
      this.#waiters.wake(key({ type, name }));
      if (type === CLUSTER) this.#waiters.wake(key({ type: ENDPOINTS, name }));
    }
  }

  brought(type: string, names: readonly string[]): void {
    for (const listener of this.#listeners) listener(type, names);
  }

  sent(_stream: AdsStream, type: string, { set, removed }: Response): void {
    this.#observer.onUpdate(type, set.length + removed.length);
  }

  ended(stream: AdsStream, error: Error | undefined): void {
    this.#streams.delete(stream);
    const { node } = stream;
    if (error === undefined) this.#log.info("The xDS stream of {node} has ended", { node });
    else this.#log.error("The xDS stream of {node} has failed: {error}", { node, error });
    this.#waiters.wakeAll();
  }

  #open(call: AdsCall): void {
    const stream = new AdsStream(call, this.#set, this, this.#now);
    if (this.#stopped) return stream.stop();
    this.#streams.add(stream);
    if (this.#started) stream.start(this.#set);
  }

  get #newest(): AdsStream | undefined {
    return this.#identified().at(-1);
  }

  /** Streams whose client has named its node. */
  #identified(): AdsStream[] {
    return [...this.#streams].filter(({ node }) => node !== "");
  }

  #published({ type, name }: ResourceId) {
    return resourcesOf(this.#set, type).get(name);
  }

  #refuseRefused(id: ResourceId): void {
    const nack = this.#newest && subscriptionOf(this.#newest.client, id.type).nacks.get(id.name);
    if (nack !== undefined && nack.version === this.#published(id)?.version) throw refused(id, nack.message);
  }
}

function statusOf({ node, served, client }: AdsStream): StreamStatus {
  const nacks = [...client.subscriptions].flatMap(([type, { nacks }]) =>
    [...nacks].map(([name, nack]) => ({ type, name, ...nack }))
  );
  return { node, served, nacks };
}

function key({ type, name }: { readonly type: string; readonly name: string }): string {
  return `${type} ${name}`;
}
