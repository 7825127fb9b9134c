import { Map } from "immutable";
import { CLUSTER, type Resource } from "../../proto/resource.ts";
import type { Resources } from "../resource_set.ts";
import { nextAddition, nextRemoval, RESPONSE_LIMITS } from "../response.ts";
import { changed, NO_SUBSCRIPTION, receive, type Received, type Request, resend } from "../subscription.ts";

/** The time of all requests. */
export const REQUEST_TIME = 1_000;

/** One client's stream of one type. `ask` and `publish` are events; they return what the client is sent then. */
export class Conversation {
  readonly sent: string[] = [];
  subscription = NO_SUBSCRIPTION;
  #resources: Resources = Map();
  #nonce = 0;

  constructor(...present: string[]) {
    this.publish(...present);
  }

  /** `a1` sets the resource a to version 1; `-a` removes it. */
  publish(...changes: string[]): string[] {
    const names = changes.map((change) => change.startsWith("-") ? change.slice(1) : change[0]!);
    for (const change of changes) {
      this.#resources = change.startsWith("-")
        ? this.#resources.delete(change.slice(1))
        : this.#resources.set(change[0]!, clusterAt(change[0]!, change.slice(1)));
    }
    this.subscription = changed(this.subscription, names, this.#resources);
    return this.#flush();
  }

  ask(request: Partial<Request>): Received & { readonly sent: string[] } {
    const received = receive(this.subscription, { ...QUIET, ...request }, this.#resources, REQUEST_TIME);
    this.subscription = received.subscription;
    return { ...received, sent: this.#flush() };
  }

  resend(...names: string[]): string[] {
    this.subscription = resend(this.subscription, names, this.#resources);
    return this.#flush();
  }

  /** ACKs the newest response, or the one with this nonce. */
  ack(nonce = this.#nonce) {
    return this.ask({ nonce: String(nonce) });
  }

  nack(nonce = this.#nonce, error = "bad") {
    return this.ask({ nonce: String(nonce), error });
  }

  acked(name: string): string | undefined {
    return this.subscription.versions.get(name)?.acked;
  }

  get refused(): string[] {
    return [...this.subscription.nacks.keys()].toSorted();
  }

  /** What is sent now, each response as `a1 b1` or `-a -b`. */
  #flush(): string[] {
    const responses: string[] = [];
    while (true) {
      const nonce = String(this.#nonce + 1);
      const next = nextAddition(this.subscription, this.#resources, nonce, RESPONSE_LIMITS) ??
        nextRemoval(this.subscription, nonce, RESPONSE_LIMITS);
      if (next === undefined) return responses;
      this.#nonce++;
      this.subscription = next.subscription;
      const { set, removed } = next.response;
      responses.push(
        [...set.map(({ name, version }) => name + version), ...removed.map((name) => `-${name}`)].toSorted().join(" "),
      );
    }
  }
}

/** A request that asks for nothing. */
export const QUIET: Request = { subscribe: [], unsubscribe: [], initialVersions: {}, nonce: "", error: undefined };

export function clusterAt(name: string, version: string): Resource {
  return { type: CLUSTER, name, version, body: new Uint8Array(1) };
}
