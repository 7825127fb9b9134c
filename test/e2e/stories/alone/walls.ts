import { expect, test } from "vitest";
import { startBystander, startNamespace } from "../../cluster/bystander.ts";
import { core, isReady } from "../../cluster/cluster.ts";
import { withoutNetworkPolicies } from "../../cluster/network_policies.ts";
import { environment } from "../../environment.ts";
import { type Gateway, theGateway, uniqueName } from "../../gateway/gateway.ts";
import type { View } from "../../gateway/view.ts";
import { addAddress, listenOnNode } from "../../node/node_address.ts";
import { listenIn, reachableFrom, statusFor, type Target } from "../../node/pod_network.ts";
import { until } from "../../until.ts";

/** Where clouds have the credentials of a node. */
const METADATA = "169.254.169.254";

const API_SERVER_PORT = 6443;

type Table = Readonly<Record<string, Target>>;

test.skipIf(!environment().direct)(
  "pods of views and pools reach names and S3 alone, and a stranger's the gateway alone; without the policies all reach all",
  { timeout: 180_000 },
  async () => {
    const gateway = await theGateway();
    await using view = await gateway.create("walls");
    await using other = await gateway.create("walls-other");
    const [pod, sibling, waiting] = [await podOf(view), await podOf(other), await poolPodOf(gateway)];
    const namespace = uniqueName("walls");
    await using _namespace = await startNamespace(namespace);
    await using stranger = await startBystander({
      namespace,
      name: "stranger",
      image: pod.image,
    });
    // The own node has no DNS.
    const names = {
      namespace: "kube-system",
      name: uniqueName("names"),
      image: pod.image,
    };
    await using dns = await startBystander({
      ...names,
      labels: { "k8s-app": "kube-dns" },
    });
    using _dns = await listenIn(dns.pod, 53);
    await using _metadata = await addAddress(METADATA);
    using metadata = await listenOnNode(METADATA, 80);
    const node = await nodeAddress();
    using program = await listenOnNode(node);

    const gateways = await gatewayTargets(gateway, node);
    const open: Table = {
      "DNS by UDP": { address: dns.address, port: 53, protocol: "udp" },
      "DNS by TCP": { address: dns.address, port: 53 },
      "S3, its Service": await service("lake", "minio"),
      "S3, its pod": {
        address: await podAddress("lake", "app.kubernetes.io/name=minio"),
        port: 9000,
      },
    };
    const closed: Table = {
      ...gateways.public,
      ...gateways.private,
      "another view's pod": { address: sibling.address, port: 8080 },
      "a pool's pod": { address: waiting.address, port: 8080 },
      "a stranger's pod": { address: stranger.address, port: 8080 },
      "DNS' pod at another port": { address: dns.address, port: 8080 },
      "the API server's Service": await service("default", "kubernetes"),
      "the API server": { address: node, port: API_SERVER_PORT },
      "the kubelet": { address: node, port: 10250 },
      "kube-proxy": { address: node, port: 10256 },
      "a program of the node": { address: node, port: program.port },
      "link-local": { address: METADATA, port: metadata.port },
    };
    // A pod is open to itself.
    const { "a pool's pod": _, ...others } = closed;
    const closedToPool = { ...others, "a view's pod": { address: pod.address, port: 8080 } };
    const toStranger: { readonly open: Table; readonly closed: Table } = {
      open: gateways.public,
      closed: {
        ...gateways.private,
        "a view's pod": { address: pod.address, port: 8080 },
        "another view's pod": { address: sibling.address, port: 8080 },
        "a pool's pod": { address: waiting.address, port: 8080 },
      },
    };
    const looks = async () => ({
      view: await look(pod.name, { ...open, ...closed }),
      pool: await look(waiting.name, { ...open, ...closedToPool }),
      stranger: await look("stranger", {
        ...toStranger.open,
        ...toStranger.closed,
      }),
    });
    const walls = {
      view: { ...as(open, "open"), ...as(closed, "closed") },
      pool: { ...as(open, "open"), ...as(closedToPool, "closed") },
      stranger: {
        ...as(toStranger.open, "open"),
        ...as(toStranger.closed, "closed"),
      },
    };
    const none = {
      view: as({ ...open, ...closed }, "open"),
      pool: as({ ...open, ...closedToPool }, "open"),
      stranger: as({ ...toStranger.open, ...toStranger.closed }, "open"),
    };
    await untilEqual(looks, walls);
    {
      await using _without = await withoutNetworkPolicies([
        gateway.namespace,
        gateway.viewsNamespace,
      ]);
      await untilEqual(looks, none);
      // Without walls, as in its first second, the pod still needs a token, and an assignment the UID of the other pod.
      const { origin, baseHost } = gateway;
      const asks = [
        { method: "POST", host: baseHost, path: "/_api/views" },
        { host: baseHost, path: "/_api/views" },
        { host: other.host, path: "/" },
        { host: other.host, path: "/_lake/lake/sales/2026/orders-2026-01.parquet" },
        { method: "POST", origin: `http://${waiting.address}:8080`, host: other.host, path: "/_gate/assign" },
      ] as const;
      const statuses = await Promise.all(asks.map((ask) => statusFor(pod.name, { origin, ...ask })));
      expect(statuses).toEqual([401, 401, 401, 401, 401]);
    }
    await untilEqual(looks, walls);
    expect((await view.whoami()).pod).toBe(pod.name);
    // A claim changes labels, and no wall.
    await using warm = await gateway.create("walls-warm", { template: "default-warm" });
    const claimed = await podOf(warm);
    expect(claimed.claimedFrom).toMatch(/-warm-default-warm-/);
    expect(await look(claimed.name, { ...open, ...closedToPool }))
      .toEqual({ ...as(open, "open"), ...as(closedToPool, "closed") });
  },
);

/** Where the gateway is: what is for everybody, and what is for Prometheus. */
async function gatewayTargets(
  { namespace }: Gateway,
  node: string,
): Promise<{ readonly public: Table; readonly private: Table }> {
  const { spec } = await core.readNamespacedService({
    namespace,
    name: "view-gateway",
  });
  const address = await podAddress(
    namespace,
    "app.kubernetes.io/name=view-gateway",
  );
  return {
    public: {
      "the gateway's Service": await service(namespace, "view-gateway"),
      "the gateway's NodePort": {
        address: node,
        port: spec!.ports![0]!.nodePort!,
      },
      "the gateway's pod": { address, port: 8080 },
    },
    private: {
      "Envoy's statistics": { address, port: 8081 },
      "the sidecar's probes and metrics": { address, port: 8082 },
    },
  };
}

async function podOf(
  view: View,
): Promise<
  {
    readonly name: string;
    readonly address: string;
    readonly image: string;
    /** The warm pool's Job, of a claimed pod. */
    readonly claimedFrom: string | undefined;
  }
> {
  const { pod } = await view.whoami();
  const found = (await view.pods()).find(({ metadata }) => metadata!.name === pod);
  return {
    name: pod,
    address: found!.status!.podIP!,
    image: found!.spec!.containers[0]!.image!,
    claimedFrom: found!.metadata!.annotations?.["view.yolean.se/claimed-from"],
  };
}

/** A pod that waits for a view, started. */
async function poolPodOf(
  { viewsNamespace: namespace }: Gateway,
): Promise<{ readonly name: string; readonly address: string }> {
  const { metadata, status } = await until("a pool has a pod", async () => {
    const { items } = await core.listNamespacedPod({ namespace, labelSelector: "view.yolean.se/pool" });
    return items.find(isReady);
  }, { within: 60_000 });
  return { name: metadata!.name!, address: status!.podIP! };
}

async function podAddress(
  namespace: string,
  labelSelector: string,
): Promise<string> {
  const { items } = await core.listNamespacedPod({ namespace, labelSelector });
  return items.find(({ status }) => status?.phase === "Running")!.status!
    .podIP!;
}

async function service(namespace: string, name: string): Promise<Target> {
  const { spec } = await core.readNamespacedService({ namespace, name });
  return { address: spec!.clusterIP!, port: spec!.ports![0]!.port };
}

async function nodeAddress(): Promise<string> {
  const [node] = (await core.listNode()).items;
  return node!.status!.addresses!.find(({ type }) => type === "InternalIP")!
    .address;
}

async function look(
  pod: string,
  table: Table,
): Promise<Readonly<Record<string, string>>> {
  const reached = await reachableFrom(pod, Object.values(table));
  return Object.fromEntries(
    Object.keys(table).map((what, i) => [what, reached[i] ? "open" : "closed"]),
  );
}

function as(
  table: Table,
  state: "open" | "closed",
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.keys(table).map((what) => [what, state]));
}

/** Rules follow a change of policies or pods after a moment. */
async function untilEqual(
  looks: () => Promise<object>,
  expected: object,
): Promise<void> {
  let seen: object = {};
  const equal = async () => JSON.stringify(seen = await looks()) === JSON.stringify(expected);
  await until("the walls are as expected", equal, {
    within: 20_000,
    every: 500,
  }).catch(() => {});
  expect(seen).toEqual(expected);
}
