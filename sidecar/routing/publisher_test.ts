import { deepEqual, equal, notEqual, rejects } from "node:assert/strict";
import { pause } from "../async/pause.ts";
import type { ViewEndpoints } from "../envoy/endpoints.ts";
import { viewResources } from "../envoy/resources.ts";
import { EndpointsRefusedError } from "../envoy/endpoint_acks.ts";
import { envoy as api } from "../gen/envoy.js";
import { cluster, ENDPOINTS, endpoints, type Resource, type ResourceId } from "../proto/resource.ts";
import { Publisher, type PublisherOptions } from "./publisher.ts";
import type { ViewPhase, ViewState } from "../view/state.ts";
import { viewState } from "../view/testing/view_state.ts";
import { notPublished, refused } from "../xds/not_acked.ts";

const { HealthStatus } = api.config.core.v3;
const { ClusterLoadAssignment } = api.config.endpoint.v3;

const state = (phase: ViewPhase, draining: ViewState["draining"] = []) => viewState(phase, { draining });
const address = { address: "10.0.0.1", port: 8080 };
const awake = state({ kind: "awake", job: "job-1", serving: [address] });
const asleep = state({ kind: "asleep", ended: "job-1" });
const GRACE = 20;

/** A publisher, and what it told Envoy: `+type` for a resource that was set, `-type` for one that was removed. */
function start(options: Partial<PublisherOptions> = {}) {
  const told: string[][] = [];
  const acked = new Set<string>();
  const kind = ({ type }: ResourceId) => type.endsWith("Cluster") ? "cluster" : "endpoints";
  const publisher = new Publisher({
    grace: GRACE,
    drainsAt: () => undefined,
    isHeld: () => false,
    now: Date.now,
    pause,
    resources: ({ name, serving, draining }: ViewEndpoints): Resource[] => [
      cluster({ name }),
      endpoints({
        clusterName: name,
        policy: { overprovisioningFactor: { value: 1 + serving.length * 10 + draining.length } },
      }),
    ],
    xds: {
      publish: ({ set, removed }) =>
        told.push([...set.map((r) => `+${kind(r)}`), ...removed.map((r) => `-${kind(r)}`)]),
      acked: (_type, _name, version) => acked.has(version),
      untilAcked: () => Promise.resolve(),
    },
    ...options,
  });
  return { publisher, told, acked, [Symbol.dispose]: () => publisher.stop() };
}

Deno.test("a view that sleeps costs Envoy nothing", () => {
  using envoy = start();
  envoy.publisher.update("hello", asleep);
  envoy.publisher.update("hello", state({ kind: "failed", job: undefined, cause: { reason: "a", message: "b" } }));
  envoy.publisher.update("hello", undefined);
  deepEqual(envoy.told, []);
});

Deno.test("waking a view publishes one cluster and its endpoints; nothing is published twice", () => {
  using envoy = start();
  envoy.publisher.update("hello", awake);
  envoy.publisher.update("hello", awake);
  deepEqual(envoy.told, [["+cluster", "+endpoints"]]);
});

Deno.test("other pods of a view that is awake are new endpoints, and no new cluster", () => {
  using envoy = start();
  envoy.publisher.update("hello", awake);
  envoy.publisher.update("hello", state({ kind: "awake", job: "job-1", serving: [address, address] }));
  deepEqual(envoy.told.at(-1), ["+endpoints"]);
});

Deno.test("a view that fell asleep loses its endpoints at once and its cluster after the grace time", async () => {
  using envoy = start();
  envoy.publisher.update("hello", awake);
  envoy.publisher.update("hello", asleep);
  deepEqual(envoy.told.at(-1), ["+endpoints"]);
  await pause(GRACE * 3);
  deepEqual(envoy.told.at(-1), ["-cluster", "-endpoints"]);
});

Deno.test("a view that wakes again within the grace time keeps its cluster", async () => {
  using envoy = start();
  envoy.publisher.update("hello", awake);
  envoy.publisher.update("hello", asleep);
  envoy.publisher.update("hello", awake);
  await pause(GRACE * 3);
  deepEqual(envoy.told, [["+cluster", "+endpoints"], ["+endpoints"], ["+endpoints"]]);
});

Deno.test("a view that is deleted while awake goes the same way", async () => {
  using envoy = start();
  envoy.publisher.update("hello", awake);
  envoy.publisher.update("hello", undefined);
  await pause(GRACE * 3);
  deepEqual(envoy.told, [["+cluster", "+endpoints"], ["+endpoints"], ["-cluster", "-endpoints"]]);
});

Deno.test("Envoy knows a view once it has ACKed the endpoints that the view has now", () => {
  using envoy = start();
  equal(envoy.publisher.isAcked("hello"), false);
  envoy.publisher.update("hello", awake);
  equal(envoy.publisher.isAcked("hello"), false);
  const current = envoy.publisher.version("hello");
  envoy.acked.add(current ?? "");
  equal(envoy.publisher.isAcked("hello"), true);
  envoy.publisher.update("hello", state({ kind: "awake", job: "job-2", serving: [address, address] }));
  equal(envoy.publisher.isAcked("hello"), false);
});

const starting = state({ kind: "starting", job: "job-1", step: "scheduling" });

Deno.test("a view that starts has no cluster, so that its requests go to the gate by the clusters for their bodies", () => {
  using envoy = start();
  envoy.publisher.update("hello", starting);
  equal(envoy.publisher.version("hello"), undefined);
  envoy.publisher.update("hello", awake);
  deepEqual(envoy.told, [["+cluster", "+endpoints"]]);
});

Deno.test("a view that starts soon after it fell asleep loses its cluster after the grace time, until it is awake", async () => {
  using envoy = start();
  envoy.publisher.update("hello", awake);
  envoy.publisher.update("hello", asleep);
  envoy.publisher.update("hello", starting);
  await pause(GRACE * 3);
  deepEqual(envoy.told.at(-1), ["-cluster", "-endpoints"]);
  envoy.publisher.update("hello", awake);
  deepEqual(envoy.told.at(-1), ["+cluster", "+endpoints"]);
});

Deno.test("a view whose pod is not ready for a while keeps its cluster, and so its open streams count", async () => {
  using envoy = start();
  envoy.publisher.update("hello", awake);
  envoy.publisher.update("hello", starting);
  await pause(GRACE * 3);
  deepEqual(envoy.told, [["+cluster", "+endpoints"], ["+endpoints"]]);
});

Deno.test("a view that is about to end drains, and gets requests again when its end is put off", async () => {
  let drainsAt = Date.now() + 20;
  using envoy = start({ drainsAt: () => drainsAt });
  envoy.publisher.update("hello", awake);
  const serving = envoy.publisher.version("hello");
  await pause(60);
  const draining = envoy.publisher.version("hello");
  notEqual(draining, serving);
  drainsAt = Date.now() + 60_000;
  envoy.publisher.refresh("hello");
  equal(envoy.publisher.version("hello"), serving);
  deepEqual(envoy.told, [["+cluster", "+endpoints"], ["+endpoints"], ["+endpoints"]]);
});

Deno.test("a cluster stays while requests wait in it", async () => {
  let held = true;
  using envoy = start({ isHeld: () => held });
  envoy.publisher.update("hello", awake);
  envoy.publisher.update("hello", asleep);
  await pause(GRACE * 3);
  deepEqual(envoy.told.at(-1), ["+endpoints"]);
  held = false;
  await pause(GRACE * 3);
  deepEqual(envoy.told.at(-1), ["-cluster", "-endpoints"]);
});

Deno.test("clusters that Envoy has from a former sidecar stay for the grace time, those of unknown views go at once", async () => {
  using envoy = start();
  envoy.publisher.keep(["hello", "gone"], (name) => name === "hello" ? asleep : undefined);
  deepEqual(envoy.told, [["+cluster", "+endpoints"]]);
  await pause(GRACE * 3);
  deepEqual(envoy.told.at(-1), ["-cluster", "-endpoints"]);
});

/** A publisher with Envoy's own resources; answers the addresses that each cluster has: those that serve, those that drain. */
function clusters(options: Partial<PublisherOptions> = {}) {
  const known = new Map<string, readonly string[]>();
  const addresses = ({ body }: Resource) =>
    ClusterLoadAssignment.decode(body).endpoints.flatMap(({ lbEndpoints = [] }) =>
      lbEndpoints.map(({ healthStatus, endpoint }) => {
        const { address } = endpoint?.address?.socketAddress ?? {};
        return address && `${address} ${healthStatus === HealthStatus.DRAINING ? "drains" : "serves"}`;
      }).filter((text) => text !== undefined && text !== null)
    );
  const made = start({
    resources: (view) => viewResources(view, { socketDirectory: "/run", authentication: "kubernetes" }),
    xds: {
      publish: ({ set, removed }) => {
        for (const one of set) if (one.type === ENDPOINTS) known.set(one.name, addresses(one));
        for (const { type, name } of removed) if (type === ENDPOINTS) known.delete(name);
      },
      acked: () => true,
      untilAcked: () => Promise.resolve(),
    },
    ...options,
  });
  return {
    ...made,
    get known() {
      return Object.fromEntries(known);
    },
  };
}

const SERVES = ["10.0.0.1 serves"];
const DRAINS = ["10.0.0.1 drains"];
const awakeAndPublic: ViewState = { ...awake, public: true };

Deno.test("a public view has a second cluster, for anonymous requests", async () => {
  using envoy = clusters();
  envoy.publisher.update("hello", awakeAndPublic);
  deepEqual(envoy.known, { hello: SERVES, "hello.public": SERVES });
  envoy.publisher.update("hello", { ...asleep, public: true });
  deepEqual(envoy.known, { hello: [], "hello.public": [] });
  await pause(GRACE * 3);
  deepEqual(envoy.known, {});
});

Deno.test("a view that becomes public opens at once, and closes at once when it is public no longer", () => {
  using envoy = clusters();
  envoy.publisher.update("hello", awake);
  deepEqual(envoy.known, { hello: SERVES });
  envoy.publisher.update("hello", awakeAndPublic);
  deepEqual(envoy.known, { hello: SERVES, "hello.public": SERVES });
  envoy.publisher.update("hello", awake);
  deepEqual(envoy.known, { hello: SERVES, "hello.public": DRAINS });
  envoy.publisher.update("hello", awakeAndPublic);
  deepEqual(envoy.known, { hello: SERVES, "hello.public": SERVES });
});

Deno.test("of a public view that was deleted and created again as a private one, no door is open", () => {
  using envoy = clusters();
  envoy.publisher.update("hello", awakeAndPublic);
  envoy.publisher.update("hello", undefined);
  deepEqual(envoy.known, { hello: [], "hello.public": [] });
  envoy.publisher.update("hello", { ...awake, uid: "another" });
  deepEqual(envoy.known, { hello: SERVES, "hello.public": DRAINS });
});

Deno.test("a door that a former sidecar opened is closed if the view is public no longer", () => {
  using envoy = clusters();
  envoy.publisher.keep(["hello", "hello.public"], () => awake);
  deepEqual(envoy.known, { hello: SERVES, "hello.public": DRAINS });
});

Deno.test("where everybody is let in, a public view is like any other", () => {
  using envoy = clusters({
    resources: (view) => viewResources(view, { socketDirectory: "/run", authentication: "none" }),
  });
  envoy.publisher.update("hello", awakeAndPublic);
  deepEqual(envoy.known, { hello: SERVES });
});

Deno.test("where Envoy refuses endpoints, a wait for them ends with an EndpointsRefusedError", async () => {
  const id: ResourceId = { type: ENDPOINTS, name: "hello" };
  const fails = (error: Error) => {
    using envoy = start({ xds: { publish: () => {}, acked: () => false, untilAcked: () => Promise.reject(error) } });
    envoy.publisher.update("hello", awake);
    return envoy.publisher.untilAcked("hello", new AbortController().signal);
  };
  await rejects(
    fails(refused(id, "no port")),
    new EndpointsRefusedError('Envoy refuses ClusterLoadAssignment "hello": no port'),
  );
  const lost = notPublished(id);
  await rejects(fails(lost), lost);
});
