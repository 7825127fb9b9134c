import assert from "node:assert/strict";
import { envoy } from "../gen/envoy.js";
import { extension, packAny } from "./any.ts";
import {
  CLUSTER,
  cluster,
  ENDPOINTS,
  endpoints,
  EXTENSION,
  LISTENER,
  listener,
  namedFilter,
  ROUTES,
  routes,
  SECRET,
  secret,
} from "./resource.ts";

const { Cluster } = envoy.config.cluster.v3;

Deno.test("a resource is named by its message and has its type", () => {
  const made = [
    cluster({ name: "a" }),
    endpoints({ clusterName: "b" }),
    namedFilter({ name: "e" }),
    listener({ name: "c" }),
    routes({ name: "d" }),
    secret({ name: "f" }),
  ];
  assert.deepEqual(made.map(({ type, name }) => [type, name]), [
    [CLUSTER, "a"],
    [ENDPOINTS, "b"],
    [EXTENSION, "e"],
    [LISTENER, "c"],
    [ROUTES, "d"],
    [SECRET, "f"],
  ]);
});

Deno.test("the types' constants are the messages' own type URLs", () => {
  assert.equal(CLUSTER, Cluster.getTypeUrl());
  assert.equal(ENDPOINTS, envoy.config.endpoint.v3.ClusterLoadAssignment.getTypeUrl());
  assert.equal(EXTENSION, envoy.config.core.v3.TypedExtensionConfig.getTypeUrl());
  assert.equal(LISTENER, envoy.config.listener.v3.Listener.getTypeUrl());
  assert.equal(ROUTES, envoy.config.route.v3.RouteConfiguration.getTypeUrl());
  assert.equal(SECRET, envoy.extensions.transport_sockets.tls.v3.Secret.getTypeUrl());
});

Deno.test("equal content has an equal version, whatever the order in which its map was filled", () => {
  const one = cluster({ name: "a", typedExtensionProtocolOptions: { x: { typeUrl: "x" }, y: { typeUrl: "y" } } });
  const two = cluster({ name: "a", typedExtensionProtocolOptions: { y: { typeUrl: "y" }, x: { typeUrl: "x" } } });
  assert.equal(one.version, two.version);
});

Deno.test("other content has another version", () => {
  assert.notEqual(cluster({ name: "a" }).version, cluster({ name: "a", altStatName: "b" }).version);
});

Deno.test("what is encoded comes back", () => {
  const body = cluster({ name: "a", connectTimeout: { seconds: 5 } }).body;
  assert.equal(Number(Cluster.decode(body).connectTimeout?.seconds), 5);
});

Deno.test("an Any carries the type URL and the encoded message", () => {
  const any = packAny(Cluster, { name: "a" });
  assert.equal(any.typeUrl, CLUSTER);
  assert.equal(Cluster.decode(any.value!).name, "a");
  assert.deepEqual(extension("x", Cluster, { name: "a" }), { name: "x", typedConfig: any });
});
