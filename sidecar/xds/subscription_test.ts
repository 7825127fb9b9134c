import { deepEqual, equal } from "node:assert/strict";
import { Map } from "immutable";
import { changed, NO_SUBSCRIPTION, receive } from "./subscription.ts";
import { clusterAt, Conversation, QUIET, REQUEST_TIME } from "./testing/conversation.ts";

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

Deno.test("a client that asks for everything where there is nothing gets one empty response", () => {
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
  client.subscription =
    receive(NO_SUBSCRIPTION, { ...QUIET, subscribe: ["constructor"] }, Map(), REQUEST_TIME).subscription;
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

Deno.test("a resource that is removed is sent as removed, and forgotten when that is ACKed", () => {
  const client = new Conversation("a1");
  client.ask({});
  client.ack();
  deepEqual(client.publish("-a"), ["-a"]);
  equal(client.acked("a"), "1");
  client.ack();
  equal(client.subscription.versions.has("a"), false);
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
  const present = Map({ a: clusterAt("a", "1") });
  subscription = changed(changed(subscription, ["a"], present), ["a"], Map());
  deepEqual([subscription.due.size, subscription.gone.size], [0, 0]);
});

Deno.test("a name that the client drops is not sent any more, and is sent again when the client asks for it again", () => {
  const client = new Conversation("a1", "b1");
  client.ask({ subscribe: ["a", "b"] });
  client.ack();
  deepEqual(client.ask({ unsubscribe: ["a"] }).sent, []);
  deepEqual(client.publish("a2"), []);
  deepEqual(client.ask({ subscribe: ["a"] }).sent, ["a2"]);
});

Deno.test("a name that the client has and asks for again is sent again: the client may have forgotten it", () => {
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

Deno.test("a wildcard client that drops one name gets the state of that resource", () => {
  const client = new Conversation("a1");
  client.ask({ subscribe: ["*", "a", "b"] });
  client.ack();
  deepEqual(client.ask({ unsubscribe: ["a", "b"] }).sent, ["a1", "-b"]);
});

Deno.test("a client of some resources that asks for everything gets the rest", () => {
  const client = new Conversation("a1", "b1");
  client.ask({ subscribe: ["a"] });
  client.ack();
  deepEqual(client.ask({ subscribe: ["*"] }).sent, ["b1"]);
});

Deno.test("only the first request of a type tells what the client has", () => {
  const client = new Conversation("a1");
  equal(client.ask({}).first, true);
  equal(client.ack().first, false);
});
