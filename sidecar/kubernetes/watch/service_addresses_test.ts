import { deepEqual } from "node:assert/strict";
import fc from "fast-check";
import { addressesOf } from "../../view/addresses.ts";
import { DEFAULT_TARGET } from "../../view/service_target.ts";
import type { Address } from "../../view/state.ts";
import { leaseBounds } from "../../view/testing/lease_bounds.ts";
import { noObjects } from "../snapshot/group.ts";
import { trimJob, trimPod, trimService } from "./trim.ts";

/**
 * Kubernetes' EndpointSlice controller, as far as it decides on the pods of one headless Service with
 * `publishNotReadyAddresses`: reconcileByAddressType in staging/src/k8s.io/endpointslice/reconciler.go, podToEndpoint and
 * FindPort in utils.go, and ShouldPodBeInEndpoints in util/controller_utils.go, all of Kubernetes 1.33. A pod's labels were
 * matched before, by the controller's lister. The API server refuses special addresses in a slice: ValidateEndpointIP.
 */
function endpointsOf(service: RawService, pods: readonly RawPod[]): readonly Endpoint[] {
  const endpoints: Endpoint[] = [];
  for (const pod of pods) {
    const { metadata, status } = pod;
    const labels: Readonly<Record<string, string>> = metadata.labels;
    const matches = Object.entries(service.spec.selector).every(([label, value]) => labels[label] === value);
    const terminal = status.phase === "Succeeded" || status.phase === "Failed";
    const address = status.podIPs[0]?.ip;
    if (!matches || terminal || address === undefined || SPECIAL.includes(address)) continue;
    endpoints.push({
      pod: metadata.uid,
      address,
      ports: service.spec.ports.flatMap((port) => {
        const found = findPort(pod, port);
        return found === undefined ? [] : [{ name: port.name, protocol: port.protocol, port: found }];
      }),
      serving: status.conditions.find(({ type }) => type === "Ready")?.status === "True",
      terminating: metadata.deletionTimestamp !== undefined,
    });
  }
  return endpoints;
}

function findPort({ spec }: RawPod, { targetPort, protocol }: RawService["spec"]["ports"][number]) {
  if (typeof targetPort === "number") return targetPort;
  const sidecars = spec.initContainers.filter(({ restartPolicy }) => restartPolicy === "Always");
  for (const { ports } of [...spec.containers, ...sidecars]) {
    for (const port of ports) {
      if (port.name === targetPort && port.protocol === protocol) return port.containerPort;
    }
  }
  return undefined;
}

/** What the gateway takes of these endpoints: the port of the Service's name, and pods of the present Job alone. */
function takenFrom(endpoints: readonly Endpoint[], pods: readonly RawPod[], ending: boolean) {
  const own = new Set(
    pods.filter(({ metadata }) => metadata.labels[CONTROLLER] === "job-1").map((p) => p.metadata.uid),
  );
  const serving: Address[] = [];
  const draining: Address[] = [];
  for (const { pod, address, ports, serving: serves, terminating } of endpoints) {
    const port = ports.find(({ name, protocol }) => name === "http" && protocol === "TCP")?.port;
    if (!own.has(pod) || port === undefined || !serves) continue;
    (ending || terminating ? draining : serving).push({ address, port });
  }
  return { serving, draining };
}

interface Endpoint {
  readonly pod: string;
  readonly address: string;
  readonly ports: readonly { readonly name: string; readonly protocol: string; readonly port: number }[];
  readonly serving: boolean;
  readonly terminating: boolean;
}

const CONTROLLER = "batch.kubernetes.io/controller-uid";
const NAME = "view.yolean.se/name";
const SPECIAL = ["127.0.0.1", "169.254.169.254", "::1"];
const at = "2026-01-01T00:00:00Z";

const portName = fc.constantFrom("http", "web", "metrics");
const protocol = fc.constantFrom("TCP", "UDP");
const containers = fc.array(
  fc.record({
    name: fc.constant("c"),
    restartPolicy: fc.constantFrom("Always", undefined),
    ports: fc.array(fc.record({ name: portName, containerPort: fc.integer({ min: 1, max: 9 }), protocol }), {
      minLength: 1,
      maxLength: 3,
    }),
  }),
  { minLength: 1, maxLength: 2 },
);
const label = fc.constantFrom("gold", "silver");
const rawService = fc.record({
  metadata: fc.constant({
    name: "hello",
    uid: "service-1",
    annotations: { "view.yolean.se/spec": '{"subsets":[]}' },
  }),
  spec: fc.record({
    clusterIP: fc.constant("None"),
    selector: fc.constantFrom<Record<string, string>>({ [NAME]: "hello" }, { [NAME]: "hello", tier: "gold" }),
    // The gateway takes the port named http; see targetOf for a Service with one port of another name.
    ports: fc.tuple(
      fc.record({
        name: fc.constant("http"),
        port: fc.constant(80),
        protocol: fc.constant("TCP"),
        targetPort: fc.oneof(fc.constant("http"), portName, fc.integer({ min: 1, max: 9 })),
      }),
      fc.record({
        name: fc.constant("metrics"),
        port: fc.constant(90),
        protocol,
        targetPort: fc.oneof(portName, fc.integer({ min: 1, max: 9 })),
      }),
    ),
  }),
});
const rawPod = fc.record({
  metadata: fc.record({
    labels: fc.record({
      [NAME]: fc.constant("hello"),
      [CONTROLLER]: fc.constantFrom("job-1", "job-1", "job-1", "job-0"),
      tier: label,
    }),
    deletionTimestamp: fc.constantFrom(at, undefined, undefined),
  }),
  spec: fc.record({ containers, initContainers: containers }),
  status: fc.record({
    phase: fc.constantFrom(
      "Running",
      "Running",
      "Running",
      "Running",
      "Running",
      "Pending",
      "Succeeded",
      "Failed",
      "Unknown",
    ),
    ip: fc.constantFrom(undefined, "10.0.0.1", "10.0.0.2", "10.0.0.3", "fd00::1", "fd00::2", ...SPECIAL),
    // A pod with readiness gates is ready once those are true too: the kubelet says so by Ready, which alone counts.
    conditions: fc.tuple(
      fc.record({ type: fc.constant("ContainersReady"), status: fc.constantFrom("True", "False") }),
      fc.record({ type: fc.constant("example.test/gate"), status: fc.constantFrom("True", "False") }),
      fc.record({
        type: fc.constantFrom("Ready", "Ready", "Ready", "Other"),
        status: fc.constantFrom("True", "True", "True", "False", "Unknown"),
      }),
    ),
  }),
}).map(({ metadata, spec, status: { ip, ...status } }) => (uid: string) => ({
  metadata: { ...metadata, name: uid, uid, creationTimestamp: at },
  spec,
  status: { ...status, ...ip && { podIP: ip }, podIPs: ip === undefined ? [] : [{ ip }] },
}));
const rawPods = fc.array(rawPod, { minLength: 1, maxLength: 4 }).map((pods) => pods.map((pod, i) => pod(`pod-${i}`)));
type Value<A> = A extends fc.Arbitrary<infer T> ? T : never;
type RawService = Value<typeof rawService>;
type RawPod = Value<typeof rawPods>[number];

/** The watched objects, as the API server sends them. */
const sent = (raw: unknown) => JSON.parse(JSON.stringify(raw));

Deno.test("the addresses from pods' own events are those that Kubernetes' EndpointSlices would say", () => {
  let [serving, draining] = [0, 0];
  fc.assert(
    fc.property(rawService, rawPods, fc.boolean(), (service, pods, ending) => {
      const kept = trimService(sent(service), leaseBounds).object;
      const job = {
        metadata: {
          name: "hello",
          uid: "job-1",
          labels: { [NAME]: "hello" },
          ownerReferences: [{ apiVersion: "v1", kind: "Service", name: "hello", uid: "service-1" }],
        },
        status: { conditions: ending ? [{ type: "FailureTarget", status: "True", lastTransitionTime: at }] : [] },
      };
      const addresses = addressesOf({
        ...noObjects("hello"),
        service: kept,
        job: trimJob(sent(job))!.object,
        pods: pods.map((pod) => trimPod(sent(pod))!.object),
      }, "spec" in kept.spec && kept.spec.target || DEFAULT_TARGET);
      deepEqual(addresses, takenFrom(endpointsOf(service, pods), pods, ending));
      serving += addresses.serving.length;
      draining += addresses.draining.length;
    }),
    { numRuns: 5_000 },
  );
  deepEqual([serving > 50, draining > 50], [true, true], "the property was about something");
});
