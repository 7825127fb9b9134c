import { deepEqual, equal } from "node:assert/strict";
import {
  CLUSTER,
  cluster,
  ENDPOINTS,
  endpoints,
  EXTENSION,
  LISTENER,
  listener,
  namedFilter,
  type ResourceId,
  ROUTES,
  routes,
  SECRET,
  secret,
  type TypeUrl,
} from "../proto/resource.ts";
import { isServed, NEW_CLIENT, nextResponse, receiveChange, receiveRequest, subscriptionOf } from "./client.ts";
import { apply, type Change, EMPTY_SET } from "./resource_set.ts";
import { RESPONSE_LIMITS, type ResponseLimits } from "./response.ts";
import type { Request } from "./subscription.ts";
import { QUIET } from "./testing/conversation.ts";

const id = (type: TypeUrl, name: string): ResourceId => ({ type, name });

/** One client's stream of all types. What is sent reads as `Cluster a b` or `Cluster -a`. */
class Conversation {
  client = NEW_CLIENT;
  set = EMPTY_SET;
  readonly #limits: ResponseLimits;
  /** Types of the responses, by nonce. */
  readonly #types: string[] = [];

  constructor(change: Partial<Change> = {}, limits: Partial<ResponseLimits> = {}) {
    this.#limits = { ...RESPONSE_LIMITS, ...limits };
    this.set = apply(this.set, { set: [], removed: [], ...change }).set;
  }

  publish(change: Partial<Change>): string[] {
    const { set, changed } = apply(this.set, { set: [], removed: [], ...change });
    this.set = set;
    this.client = receiveChange(this.client, changed, set);
    return this.#flush();
  }

  ask(type: string, asked: Partial<Request> = {}): string[] {
    this.client = receiveRequest(this.client, type, { ...QUIET, ...asked }, { set: this.set, now: 0 }).client;
    return this.#flush();
  }

  /** ACKs the response with that number, from 1. */
  ack(response = this.#types.length): string[] {
    return this.ask(this.#types[response - 1]!, { nonce: String(response) });
  }

  nack(response = this.#types.length): string[] {
    return this.ask(this.#types[response - 1]!, { nonce: String(response), error: "bad" });
  }

  get served(): boolean {
    return isServed(this.client, this.set);
  }

  #flush(): string[] {
    const sent: string[] = [];
    while (true) {
      const found = nextResponse(this.client, this.set, this.#limits);
      if (found === undefined) return sent;
      this.client = found.client;
      this.#types.push(found.type);
      const { set, removed } = found.response;
      const names = [...set.map(({ name }) => name), ...removed.map((name) => `-${name}`)].toSorted();
      sent.push([found.type.slice(found.type.lastIndexOf(".") + 1), ...names].join(" "));
    }
  }
}

const ASSIGNMENT = "ClusterLoadAssignment";
const view = (name: string) => [cluster({ name }), endpoints({ clusterName: name })];
const constant = [
  ...[namedFilter({ name: "filter" }), secret({ name: "certificate" })],
  ...[listener({ name: "public" }), routes({ name: "routes" })],
];

/** A client that has asked for all types, of views by name, and ACKed all it was sent. */
function connected(...names: string[]): Conversation {
  const client = new Conversation({ set: [...constant, ...names.flatMap(view)] });
  client.ask(CLUSTER);
  client.ack();
  client.ask(ENDPOINTS, { subscribe: names });
  client.ack();
  client.ask(LISTENER);
  client.ack();
  client.ask(EXTENSION, { subscribe: ["filter"] });
  client.ack();
  client.ask(SECRET, { subscribe: ["certificate"] });
  client.ack();
  client.ask(ROUTES, { subscribe: ["routes"] });
  client.ack();
  return client;
}

Deno.test("what comes together is sent with each thing after what it refers to", () => {
  const client = connected("a");
  const sent = client.publish({
    set: [
      routes({ name: "routes", virtualHosts: [{ name: "x" }] }),
      listener({ name: "public", statPrefix: "x" }),
      secret({ name: "certificate", tlsCertificate: { ocspStaple: { filename: "x" } } }),
      namedFilter({ name: "filter", typedConfig: { typeUrl: "x" } }),
      endpoints({ clusterName: "a", policy: { overprovisioningFactor: { value: 1 } } }),
      cluster({ name: "a", altStatName: "x" }),
    ],
  });
  deepEqual(sent, [
    "Cluster a",
    `${ASSIGNMENT} a`,
    "TypedExtensionConfig filter",
    "Secret certificate",
    "Listener public",
    "RouteConfiguration routes",
  ]);
});

Deno.test("what goes together is sent the other way round", () => {
  const client = connected("a");
  const removed = [
    ...[id(CLUSTER, "a"), id(ENDPOINTS, "a"), id(EXTENSION, "filter")],
    ...[id(SECRET, "certificate"), id(LISTENER, "public"), id(ROUTES, "routes")],
  ];
  deepEqual(client.publish({ removed }), [
    "RouteConfiguration -routes",
    "Listener -public",
    "Secret -certificate",
    "TypedExtensionConfig -filter",
    `${ASSIGNMENT} -a`,
    "Cluster -a",
  ]);
});

Deno.test("what comes is sent before what goes", () => {
  const client = connected("a");
  deepEqual(client.publish({ set: [cluster({ name: "b" })], removed: [id(ENDPOINTS, "a"), id(CLUSTER, "a")] }), [
    "Cluster b",
    `${ASSIGNMENT} -a`,
    "Cluster -a",
  ]);
});

Deno.test("while there are clusters that the client has no room for, no listener is sent", () => {
  const names = ["a", "b", "c"];
  const client = new Conversation({ set: [...constant, ...names.map((name) => cluster({ name }))] }, {
    resources: 1,
    unanswered: 2,
  });
  const first = client.ask(CLUSTER);
  equal(first.length, 2);
  deepEqual(client.ask(LISTENER), []);
  const then = client.ack(1);
  deepEqual([...first, ...then].toSorted(), ["Cluster a", "Cluster b", "Cluster c", "Listener public"]);
  equal(then.at(-1), "Listener public");
});

Deno.test("after a cluster that changes, the endpoints that the client has are sent again", () => {
  const client = connected("a", "b");
  deepEqual(client.publish({ set: [cluster({ name: "a", altStatName: "x" })] }), ["Cluster a", `${ASSIGNMENT} a`]);
});

Deno.test("endpoints that change alone are sent alone", () => {
  const client = connected("a", "b");
  const changed = endpoints({ clusterName: "a", policy: { overprovisioningFactor: { value: 1 } } });
  deepEqual(client.publish({ set: [changed] }), [`${ASSIGNMENT} a`]);
});

Deno.test("endpoints that the client refuses are not sent again with their cluster", () => {
  const client = connected("a");
  client.publish({ set: [endpoints({ clusterName: "a", policy: { overprovisioningFactor: { value: 1 } } })] });
  client.nack();
  deepEqual(client.publish({ set: [cluster({ name: "a", altStatName: "x" })] }), ["Cluster a"]);
});

Deno.test("a client that is back and is sent a cluster is sent its endpoints, though it has them", () => {
  const client = new Conversation({ set: ["a", "b"].flatMap(view) });
  const [a, b] = ["a", "b"].map((name) => cluster({ name }).version);
  deepEqual(client.ask(CLUSTER, { initialVersions: { a: "old", b: b! } }), ["Cluster a"]);
  const version = (name: string) => endpoints({ clusterName: name }).version;
  const initialVersions = { a: version("a"), b: version("b") };
  deepEqual(client.ask(ENDPOINTS, { subscribe: ["a", "b"], initialVersions }), [`${ASSIGNMENT} a`]);
  client.ack(1);
  equal(subscriptionOf(client.client, CLUSTER).versions.get("a")?.acked, a);
});

Deno.test("a type that a client has not asked for is not sent", () => {
  const client = new Conversation({ set: [...constant, ...view("a")] });
  deepEqual(client.ask(CLUSTER), ["Cluster a"]);
  deepEqual(client.publish({ set: view("b") }), ["Cluster b"]);
});

Deno.test("a type that is not known has no resources", () => {
  const client = new Conversation({ set: view("a") });
  const secret = "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret";
  deepEqual(client.ask(secret, { subscribe: ["x"] }), ["Secret -x"]);
});

Deno.test("a client is served once it has answered everything and taken a listener", () => {
  const client = new Conversation({ set: [...constant, ...view("a")] });
  client.ask(CLUSTER);
  client.ack();
  equal(client.served, false);
  client.ask(LISTENER);
  equal(client.served, false);
  client.ack();
  equal(client.served, true);
});

Deno.test("a client that refuses its only listener is not served; one that refuses a cluster is", () => {
  const client = new Conversation({ set: [...constant, ...view("a")] });
  client.ask(CLUSTER);
  client.nack();
  client.ask(LISTENER);
  client.nack();
  equal(client.served, false);
  client.publish({ set: [listener({ name: "public", statPrefix: "better" })] });
  client.ack();
  equal(client.served, true);
});

Deno.test("a client is served though suspects of a refusal were removed before they were sent again", () => {
  const client = new Conversation({ set: [listener({ name: "public" }), ...view("a"), ...view("b")] });
  client.ask(LISTENER);
  client.ack();
  client.ask(CLUSTER);
  // The refusal and the removal come in one turn: nothing is sent between them.
  const said = { set: client.set, now: 0 };
  client.client = receiveRequest(client.client, CLUSTER, { ...QUIET, nonce: "2", error: "bad" }, said).client;
  client.publish({ removed: [id(CLUSTER, "a"), id(CLUSTER, "b")] });
  client.ack();
  equal(client.served, true);
});
