import { deepEqual, equal } from "node:assert/strict";
import { Map } from "immutable";
import { CLUSTER, type Resource } from "../proto/resource.ts";
import type { Resources } from "./resource_set.ts";
import { nextAddition, nextRemoval, RESPONSE_LIMITS } from "./response.ts";
import { changed, NO_SUBSCRIPTION, receive, type Received, type Request, resend } from "./subscription.ts";

const NOW = 1_000;

/** One client's stream of one type: `ask` and `publish` are what happens, `sent` is what it is sent then. */
class Conversation {
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
        : this.#resources.set(change[0]!, resource(change[0]!, change.slice(1)));
    }
    this.subscription = changed(this.subscription, names, this.#resources);
    return this.#flush();
  }

  ask(request: Partial<Request>): Received & { readonly sent: string[] } {
    const received = receive(this.subscription, { ...QUIET, ...request }, this.#resources, NOW);
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
    return this.subscription.known.get(name)?.acked;
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

const QUIET: Request = { subscribe: [], unsubscribe: [], initialVersions: {}, nonce: "", error: undefined };

function resource(name: string, version: string): Resource {
  return { type: CLUSTER, name, version, body: new Uint8Array(1) };
}

Deno.test("given a client that has not asked yet, nothing is sent", () => {
  const client = new Conversation("a1");
  deepEqual(client.publish("b1"), []);
});

Deno.test("a first request that names nothing, or a star, is for everything", () => {
  deepEqual(new Conversation("a1", "b1").ask({}).sent, ["a1 b1"]);
  deepEqual(new Conversation("a1", "b1").ask({ subscribe: ["*"] }).sent, ["a1 b1"]);
});

Deno.test("a first request that names some is for those", () => {
  const client = new Conversation("a1", "b1");
  deepEqual(client.ask({ subscribe: ["a"] }).sent, ["a1"]);
  deepEqual(client.publish("b2", "c1"), []);
  deepEqual(client.publish("a2"), ["a2"]);
});

Deno.test("a client that asks for everything where there is nothing is told so, once", () => {
  const client = new Conversation();
  deepEqual(client.ask({}).sent, [""]);
  deepEqual(client.ack().sent, []);
  deepEqual(client.publish("a1"), ["a1"]);
});

Deno.test("a name that does not exist is answered as removed, and sent once it exists", () => {
  const client = new Conversation();
  deepEqual(client.ask({ subscribe: ["a"] }).sent, ["-a"]);
  client.ack();
  deepEqual(client.publish("a1"), ["a1"]);
});

Deno.test("a client that is back is sent only what differs from what it has", () => {
  const client = new Conversation("a1", "b2", "d1");
  const { sent } = client.ask({ initialVersions: { a: "1", b: "1", c: "1" } });
  deepEqual(sent, ["b2 d1", "-c"]);
  equal(client.acked("a"), "1");
});

Deno.test("a client that is back and has everything is sent nothing, not even an empty response", () => {
  const client = new Conversation("a1", "b1");
  deepEqual(client.ask({ initialVersions: { a: "1", b: "1" } }).sent, []);
});

Deno.test("a client that is back and asks by name is sent what differs, and what it does not have", () => {
  const client = new Conversation("a1", "b2", "c1", "d1");
  deepEqual(client.ask({ subscribe: ["a", "b", "c"], initialVersions: { a: "1", b: "1" } }).sent, ["b2 c1"]);
});

Deno.test("an object's own members are no versions", () => {
  const client = new Conversation();
  client.subscription = receive(NO_SUBSCRIPTION, { ...QUIET, subscribe: ["constructor"] }, Map(), NOW).subscription;
  deepEqual(client.ask({}).sent, ["-constructor"]);
});

Deno.test("what a response held counts as ACKed when the client ACKs it, and not before", () => {
  const client = new Conversation("a1", "b1");
  client.ask({});
  equal(client.acked("a"), undefined);
  deepEqual(client.ack().acked, [{ name: "a", version: "1" }, { name: "b", version: "1" }]);
  equal(client.acked("a"), "1");
});

Deno.test("given a resource that changed before its ACK, the ACK is of what was sent", () => {
  const client = new Conversation("a1");
  client.ask({});
  deepEqual(client.publish("a2"), ["a2"]);
  client.ack(1);
  equal(client.acked("a"), "1");
  client.ack(2);
  equal(client.acked("a"), "2");
});

Deno.test("a nonce of no response of this stream says nothing, but what else is asked for counts", () => {
  const client = new Conversation("a1", "b1");
  client.ask({ subscribe: ["a"], nonce: "7" });
  deepEqual(client.ask({ nonce: "99" }).acked, []);
  deepEqual(client.ask({ nonce: "99", error: "bad" }).nacked, []);
  equal(client.acked("a"), undefined);
  deepEqual(client.ask({ nonce: "99", subscribe: ["b"] }).sent, ["b1"]);
});

Deno.test("a response is ACKed once", () => {
  const client = new Conversation("a1");
  client.ask({});
  equal(client.ack(1).acked.length, 1);
  equal(client.ack(1).acked.length, 0);
  equal(client.nack(1).nacked.length, 0);
});

Deno.test("a resource that is refused alone is not sent again before it changes", () => {
  const client = new Conversation("a1");
  client.ask({});
  deepEqual(client.nack(1, "no such type").nacked, [
    { name: "a", nack: { version: "1", message: "no such type", since: NOW } },
  ]);
  deepEqual(client.resend("a"), []);
  deepEqual(client.publish("b1"), ["b1"]);
  deepEqual(client.publish("a2"), ["a2"]);
  deepEqual(client.refused, ["a"]);
  client.ack();
  deepEqual(client.refused, []);
  equal(client.acked("a"), "2");
});

Deno.test("a resource that is refused stays ACKed at the version that the client still has", () => {
  const client = new Conversation("a1");
  client.ask({});
  client.ack();
  client.publish("a2");
  client.nack();
  equal(client.acked("a"), "1");
  deepEqual(client.publish("a1"), ["a1"]);
});

Deno.test("given one bad resource among good ones, halves are sent again until it is refused alone", () => {
  const client = new Conversation("a1", "b1", "c1", "d1", "e1");
  const responses = [...client.ask({}).sent];
  const suspected: number[] = [];
  for (let nonce = 1; nonce <= responses.length; nonce++) {
    const received = responses[nonce - 1]!.includes("d") ? client.nack(nonce) : client.ack(nonce);
    responses.push(...received.sent);
    if (received.suspected > 0) suspected.push(received.suspected);
  }
  deepEqual(responses, ["a1 b1 c1 d1 e1", "a1 b1 c1", "d1 e1", "d1", "e1"]);
  deepEqual(suspected, [5, 2]);
  deepEqual(client.refused, ["d"]);
  deepEqual(["a", "b", "c", "d", "e"].map((name) => client.acked(name)), ["1", "1", "1", undefined, "1"]);
});

Deno.test("of what was refused together, what changed meanwhile is not sent twice", () => {
  const client = new Conversation("a1", "b1");
  client.ask({});
  deepEqual(client.publish("a2"), ["a2"]);
  deepEqual(client.nack(1).sent, ["b1"]);
});

Deno.test("a refusal that nothing of is current any more says nothing", () => {
  const client = new Conversation("a1");
  client.ask({});
  client.publish("a2");
  const { nacked, suspected, sent } = client.nack(1);
  deepEqual({ nacked, suspected, sent }, { nacked: [], suspected: 0, sent: [] });
  deepEqual(client.refused, []);
});

Deno.test("a resource that is removed is sent as removed, and forgotten when that is ACKed", () => {
  const client = new Conversation("a1");
  client.ask({});
  client.ack();
  deepEqual(client.publish("-a"), ["-a"]);
  equal(client.acked("a"), "1");
  client.ack();
  equal(client.subscription.known.has("a"), false);
});

Deno.test("a resource that was refused is not refused any more once it is removed", () => {
  const client = new Conversation("a1");
  client.ask({});
  client.nack();
  deepEqual(client.publish("-a"), ["-a"]);
  deepEqual(client.refused, []);
});

Deno.test("a resource that is back before its removal is ACKed is sent again", () => {
  const client = new Conversation("a1");
  client.ask({});
  client.ack();
  client.publish("-a");
  deepEqual(client.publish("a1"), ["a1"]);
  client.ack(2);
  equal(client.acked("a"), undefined);
  client.ack(3);
  equal(client.acked("a"), "1");
});

Deno.test("what came and went before it was sent is not sent at all", () => {
  const client = new Conversation();
  client.ask({});
  client.ack();
  let { subscription } = client;
  const present = Map({ a: resource("a", "1") });
  subscription = changed(changed(subscription, ["a"], present), ["a"], Map());
  deepEqual([subscription.due.size, subscription.gone.size], [0, 0]);
});

Deno.test("a name that is dropped is sent no more, and is sent again when it is asked for anew", () => {
  const client = new Conversation("a1", "b1");
  client.ask({ subscribe: ["a", "b"] });
  client.ack();
  deepEqual(client.ask({ unsubscribe: ["a"] }).sent, []);
  deepEqual(client.publish("a2"), []);
  deepEqual(client.ask({ subscribe: ["a"] }).sent, ["a2"]);
});

Deno.test("a name that the client has and asks for anew is sent again: it may have forgotten it", () => {
  const client = new Conversation("a1");
  client.ask({ subscribe: ["a"] });
  client.ack();
  deepEqual(client.ask({ subscribe: ["a"] }).sent, ["a1"]);
});

Deno.test("a client that drops everything keeps what it named", () => {
  const client = new Conversation("a1", "b1");
  client.ask({ subscribe: ["*", "a"] });
  client.ack();
  deepEqual(client.ask({ unsubscribe: ["*"] }).sent, []);
  deepEqual(client.publish("b2"), []);
  deepEqual(client.publish("a2"), ["a2"]);
});

Deno.test("a client of everything that drops one name is told what remains of it", () => {
  const client = new Conversation("a1");
  client.ask({ subscribe: ["*", "a", "b"] });
  client.ack();
  deepEqual(client.ask({ unsubscribe: ["a", "b"] }).sent, ["a1", "-b"]);
});

Deno.test("a client of some that asks for everything is sent the rest", () => {
  const client = new Conversation("a1", "b1");
  client.ask({ subscribe: ["a"] });
  client.ack();
  deepEqual(client.ask({ subscribe: ["*"] }).sent, ["b1"]);
});

Deno.test("of suspects that were all dropped or removed before their turn nothing remains to be sent", () => {
  const client = new Conversation("a1", "b1", "c1", "d1");
  client.ask({ subscribe: ["a", "b", "c", "d"] });
  const resources: Resources = Map({ c: resource("c", "1"), d: resource("d", "1") });
  const refused = receive(client.subscription, { ...QUIET, nonce: "1", error: "bad" }, resources, NOW).subscription;
  equal(refused.apart.size, 2);
  const dropped = receive(refused, { ...QUIET, unsubscribe: ["c", "d"] }, resources, NOW).subscription;
  const removed = nextRemoval(changed(dropped, ["a", "b"], resources), "2", RESPONSE_LIMITS);
  equal(removed?.subscription.apart.size, 0);
  deepEqual(removed?.response.removed.toSorted(), ["a", "b"]);
});

Deno.test("what was removed when it is refused with others is no suspect", () => {
  const client = new Conversation("a1", "b1");
  client.ask({});
  const left: Resources = Map({ a: resource("a", "1") });
  const removed = changed(client.subscription, ["b"], left);
  const { apart } = receive(removed, { ...QUIET, nonce: "1", error: "bad" }, left, NOW).subscription;
  deepEqual(apart.toArray(), [["a"]]);
});

Deno.test("only the first request of a type tells what the client has", () => {
  const client = new Conversation("a1");
  equal(client.ask({}).first, true);
  equal(client.ack().first, false);
});
