import { deepEqual, equal } from "node:assert/strict";
import { Map } from "immutable";
import type { Resources } from "./resource_set.ts";
import { nextRemoval, RESPONSE_LIMITS } from "./response.ts";
import { changed, receive } from "./subscription.ts";
import { clusterAt, Conversation, QUIET, REQUEST_TIME } from "./testing/conversation.ts";

Deno.test("a resource that is refused alone is not sent again before it changes", () => {
  const client = new Conversation("a1");
  client.ask({});
  deepEqual(client.nack(1, "no such type").nacked, [
    { name: "a", nack: { version: "1", message: "no such type", since: REQUEST_TIME } },
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

Deno.test("a resource that was refused is not refused any more once it is removed", () => {
  const client = new Conversation("a1");
  client.ask({});
  client.nack();
  deepEqual(client.publish("-a"), ["-a"]);
  deepEqual(client.refused, []);
});

Deno.test("of suspects that were all dropped or removed before their turn nothing remains to be sent", () => {
  const client = new Conversation("a1", "b1", "c1", "d1");
  client.ask({ subscribe: ["a", "b", "c", "d"] });
  const resources: Resources = Map({ c: clusterAt("c", "1"), d: clusterAt("d", "1") });
  const refused =
    receive(client.subscription, { ...QUIET, nonce: "1", error: "bad" }, resources, REQUEST_TIME).subscription;
  equal(refused.apart.size, 2);
  const dropped = receive(refused, { ...QUIET, unsubscribe: ["c", "d"] }, resources, REQUEST_TIME).subscription;
  const removed = nextRemoval(changed(dropped, ["a", "b"], resources), "2", RESPONSE_LIMITS);
  equal(removed?.subscription.apart.size, 0);
  deepEqual(removed?.response.removed.toSorted(), ["a", "b"]);
});

Deno.test("what was removed when it is refused with others is no suspect", () => {
  const client = new Conversation("a1", "b1");
  client.ask({});
  const left: Resources = Map({ a: clusterAt("a", "1") });
  const removed = changed(client.subscription, ["b"], left);
  const { apart } = receive(removed, { ...QUIET, nonce: "1", error: "bad" }, left, REQUEST_TIME).subscription;
  deepEqual(apart.toArray(), [["a"]]);
});
