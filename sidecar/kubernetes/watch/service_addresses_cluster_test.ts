import { deepEqual } from "node:assert/strict";
import type { V1EndpointSlice, V1Pod, V1Service } from "@kubernetes/client-node";
import { eventually } from "../../testing/eventually.ts";
import { addressesOf } from "../../view/addresses.ts";
import { DEFAULT_TARGET } from "../../view/service_target.ts";
import type { Address } from "../../view/state.ts";
import { job } from "../../view/testing/objects.ts";
import { leaseBounds } from "../../view/testing/lease_bounds.ts";
import { noObjects } from "../snapshot/group.ts";
import { clusterTest } from "../testing/namespace.ts";
import { type Jsonify, trimPod, trimService } from "./trim.ts";

type Stored<T> = Jsonify<T> & { readonly metadata: { readonly name: string; readonly uid: string } };

const NEVER = "24h";
const http = { name: "http", containerPort: 8080 };
const PODS: Readonly<Record<string, Partial<PodManifest>>> = {
  ready: {},
  starting: { annotations: { "kwok/ready-after": NEVER } },
  pending: { annotations: { "kwok/running-after": NEVER } },
  terminating: { annotations: { "kwok/failed-after": NEVER } },
  silver: { labels: { tier: "silver" } },
  otherport: { ports: [{ name: "web", containerPort: 9090 }] },
  portless: { ports: [] },
  overudp: { ports: [{ ...http, protocol: "UDP" }] },
  // As its node's address, which kwok takes otherwise, is the loopback's.
  onnode: {
    annotations: { "kwok/pod-ip": "10.200.0.1" },
    hostNetwork: true,
    ports: [{ name: "http", containerPort: 18_080 }],
  },
  gated: { readinessGates: [{ conditionType: "example.test/gate" }] },
};
const SERVICES: Readonly<Record<string, object>> = {
  named: { ports: [{ name: "http", port: 80, targetPort: "http" }] },
  unnamed: { ports: [{ port: 80, targetPort: "http" }] },
  numbered: { ports: [{ name: "http", port: 80, targetPort: 8080 }] },
  undeclared: { ports: [{ name: "http", port: 80, targetPort: 7070 }] },
  several: { ports: [{ name: "metrics", port: 90, targetPort: 9090 }, { name: "http", port: 80, targetPort: "web" }] },
  golden: { selector: { tier: "gold" }, ports: [{ name: "http", port: 80, targetPort: "http" }] },
};

interface PodManifest {
  readonly annotations: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: readonly object[];
  readonly hostNetwork: boolean;
  readonly readinessGates: readonly object[];
}

const manifestOf = (name: string, { annotations, labels, ports = [http], ...spec }: Partial<PodManifest>) => ({
  metadata: {
    name,
    labels: { "view.yolean.se/name": "hello", "batch.kubernetes.io/controller-uid": "job-1", tier: "gold", ...labels },
    annotations,
  },
  spec: {
    ...spec,
    restartPolicy: "Never",
    automountServiceAccountToken: false,
    containers: [{ name: "view", image: "example.test/view:1", ports }],
  },
});

clusterTest("the addresses from pods' own events are those of Kubernetes' EndpointSlices", async (namespace) => {
  const listed = async <T>(path: string) =>
    (await namespace.call("GET", path) as unknown as { readonly items: readonly Stored<T>[] }).items;
  for (const [name, pod] of Object.entries(PODS)) {
    // Its namespace gets its service account in a moment.
    await eventually(
      `pod ${name} is created`,
      () => namespace.call("POST", "api/v1/pods", manifestOf(name, pod)).then(() => true, () => false),
    );
  }
  for (const [name, { selector, ...spec }] of Object.entries(SERVICES) as [string, { selector?: object }][]) {
    await namespace.createService(name, {
      metadata: { name, annotations: { "view.yolean.se/spec": '{"subsets":[]}' } },
      spec: {
        clusterIP: "None",
        publishNotReadyAddresses: true,
        selector: { "view.yolean.se/name": "hello", ...selector },
        ...spec,
      },
    });
  }
  const stateOf = async (name: string) =>
    (await listed<V1Pod>("api/v1/pods")).find((pod) => pod.metadata.name === name);
  const isReady = async (name: string) =>
    (await stateOf(name))?.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ??
      false;
  for (const name of Object.keys(PODS).filter((name) => name !== "starting" && name !== "pending")) {
    await eventually(`pod ${name} is ready`, () => isReady(name));
  }
  await eventually("pod starting has an address", async () => (await stateOf("starting"))?.status?.podIP !== undefined);
  await namespace.call("DELETE", "api/v1/pods/terminating");

  const said = async () => {
    const slices = await listed<V1EndpointSlice>("apis/discovery.k8s.io/v1/endpointslices");
    return Object.fromEntries(
      Object.keys(SERVICES).map((service) => [
        service,
        inSlices(slices.filter(({ metadata }) => metadata.labels?.["kubernetes.io/service-name"] === service)),
      ]),
    );
  };
  const derived = async () => {
    const pods = (await listed<V1Pod>("api/v1/pods")).map((pod) => trimPod(pod)!.object);
    const services = await listed<V1Service>("api/v1/services");
    return Object.fromEntries(
      Object.keys(SERVICES).map((name) => {
        const found = services.find(({ metadata }) => metadata.name === name)!;
        // All of them select the pods of one view.
        const service = trimService({ ...found, metadata: { ...found.metadata, name: "hello" } }, leaseBounds).object;
        const target = "spec" in service.spec && service.spec.target || DEFAULT_TARGET;
        const own = job({ ownerUid: service.uid });
        const { serving, draining } = addressesOf({ ...noObjects("hello"), service, job: own, pods }, target);
        return [name, { serving: shown(serving), draining: shown(draining) }];
      }),
    );
  };
  const now = await derived();
  const counts = ({ serving, draining }: { serving: readonly string[]; draining: readonly string[] }) =>
    `${serving.length} ${draining.length}`;
  deepEqual(Object.fromEntries(Object.entries(now).map(([name, addresses]) => [name, counts(addresses)])), {
    named: "4 1",
    unnamed: "4 1",
    numbered: "7 1",
    undeclared: "7 1",
    several: "1 0",
    golden: "3 1",
  });
  await eventually(
    "the slices say the same",
    async () => JSON.stringify(await said()) === JSON.stringify(await derived()),
  ).catch(async () => deepEqual(await said(), await derived()));
});

/** The gateway's former way: an endpoint serves if it says so and does not terminate. */
function inSlices(slices: readonly Stored<V1EndpointSlice>[]) {
  const serving: Address[] = [];
  const draining: Address[] = [];
  for (const { ports, endpoints } of slices) {
    const tcp = (ports ?? []).filter(({ protocol }) => protocol === "TCP");
    const port = (tcp.find(({ name }) => name === "http") ?? tcp.find(({ name }) => (name ?? "") === ""))?.port;
    for (const { addresses, conditions } of endpoints ?? []) {
      if (port === undefined || !conditions?.serving) continue;
      (conditions.terminating ? draining : serving).push({ address: addresses[0]!, port });
    }
  }
  return { serving: shown(serving), draining: shown(draining) };
}

function shown(addresses: readonly Address[]): readonly string[] {
  return addresses.map(({ address, port }) => `${address}:${port}`).toSorted();
}
