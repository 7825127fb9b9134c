import { type ServerDuplexStream, status } from "@grpc/grpc-js";
import type { ResourceId } from "../proto/resource.ts";
import { type Client, isServed, NEW_CLIENT, nextResponse, receiveChange, receiveRequest } from "./client.ts";
import type { ResourceSet } from "./resource_set.ts";
import type { Response } from "./response.ts";
import type { Received } from "./subscription.ts";
import { type DeltaRequest, type DeltaResponse, messageOf, requestOf } from "./wire.ts";

export type AdsCall = ServerDuplexStream<DeltaRequest, DeltaResponse>;

/** Events of a stream. */
export interface AdsStreamEvents {
  /** A request has come. What it ACKs or refuses is already part of the stream's state. */
  received(stream: AdsStream, type: string, received: Received): void;
  /** The client had these resources when it connected. Nothing has been sent to it yet. */
  brought(type: string, names: readonly string[]): void;
  sent(stream: AdsStream, type: string, response: Response): void;
  /** The stream has ended; undefined where it ended without an error. */
  ended(stream: AdsStream, error: Error | undefined): void;
}

/** One client's stream: thin I/O around the client's state. An error ends this stream alone. */
export class AdsStream {
  readonly #call: AdsCall;
  readonly #events: AdsStreamEvents;
  readonly #now: () => number;
  #client: Client = NEW_CLIENT;
  #set: ResourceSet;
  #node = "";
  #served = false;
  #writable = true;
  #flushing = false;
  #ended = false;

  /**
   * Reads nothing before `start`.
   * @param now milliseconds since the epoch
   */
  constructor(call: AdsCall, set: ResourceSet, events: AdsStreamEvents, now: () => number) {
    this.#call = call;
    this.#set = set;
    this.#events = events;
    this.#now = now;
    call.on("error", (error: Error) => this.#end(error));
    call.on("cancelled", () => this.#end(undefined));
    call.on("end", () => this.#close());
  }

  get client(): Client {
    return this.#client;
  }

  /** The client's node id; empty before its first request. */
  get node(): string {
    return this.#node;
  }

  /** Whether the client has, or once had, everything. */
  get served(): boolean {
    return this.#served;
  }

  /** Begins to send, with this set. */
  start(set: ResourceSet): void {
    this.#set = set;
    if (this.#ended) return;
    this.#call.on("data", (message: DeltaRequest) => this.#guarded(() => this.#receive(message)));
    this.#call.on("drain", () => {
      this.#writable = true;
      this.#flushSoon();
    });
  }

  /** The set has changed in these resources. */
  publish(changed: readonly ResourceId[], set: ResourceSet): void {
    this.#set = set;
    if (this.#ended) return;
    this.#client = receiveChange(this.#client, changed, set);
    this.#flushSoon();
  }

  /** Ends the stream. The client connects again when it can. */
  stop(): void {
    this.#fail(status.UNAVAILABLE, "The sidecar is stopping");
  }

  #receive(message: DeltaRequest): void {
    if (this.#ended) return;
    // Only the first request of a stream has to name the node.
    this.#node ||= message.node?.id || "(unnamed)";
    const context = { set: this.#set, now: this.#now() };
    const said = requestOf(message);
    const { client, received } = receiveRequest(this.#client, message.typeUrl, said, context);
    this.#client = client;
    this.#served ||= isServed(client, this.#set);
    this.#events.received(this, message.typeUrl, received);
    if (received.first) this.#events.brought(message.typeUrl, Object.keys(said.initialVersions));
    this.#flushSoon();
  }

  /** Sends at the end of this turn of the event loop, so that changes of one turn go out together. */
  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    queueMicrotask(() => {
      this.#flushing = false;
      this.#guarded(() => this.#flush());
    });
  }

  #flush(): void {
    while (this.#writable && !this.#ended) {
      const found = nextResponse(this.#client, this.#set);
      if (found === undefined) break;
      this.#client = found.client;
      this.#writable = this.#call.write(messageOf(found.type, found.response));
      this.#events.sent(this, found.type, found.response);
    }
    this.#served ||= isServed(this.#client, this.#set);
  }

  #guarded(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#fail(status.INTERNAL, (error as Error).message, error as Error);
    }
  }

  /** The client sends no more requests. */
  #close(): void {
    if (!this.#ended) this.#call.end();
    this.#end(undefined);
  }

  #fail(code: status, details: string, error?: Error): void {
    if (this.#ended) return;
    this.#end(error);
    this.#call.emit("error", { code, details });
  }

  #end(error: Error | undefined): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#events.ended(this, error);
  }
}
