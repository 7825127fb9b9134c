import { deepEqual, equal, ok } from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { sendRequest } from "../envoy/testing/http_client.ts";
import { clusterTest } from "../kubernetes/testing/namespace.ts";
import { createViews, podsOfPool, podsOfView } from "../launch/testing/warm_gateway.ts";
import { eventually } from "../testing/eventually.ts";
import { machineAddress } from "../testing/machine_address.ts";
import { Replica } from "../testing/replica.ts";
import { podTemplate } from "../testing/with_replica.ts";

const SIZE = 5;

/** The web server of all pods. A pod of the pool is known by its bearer, and takes one view. */
function servePods(hostname: string) {
  const views = new Map<string, string>();
  const server = Deno.serve({ hostname, port: 0, onListen: () => {} }, async (request) => {
    if (new URL(request.url).pathname !== "/_gate/assign") return new Response("hello");
    const bearer = request.headers.get("authorization") ?? "";
    const { uid } = await request.json();
    if (!views.has(bearer)) views.set(bearer, uid);
    return new Response(null, { status: views.get(bearer) === uid ? 200 : 409 });
  });
  return { views, port: server.addr.port, [Symbol.asyncDispose]: () => server.shutdown() };
}

// A machine without a network has no such address.
if (machineAddress !== undefined) {
  const host = machineAddress;
  clusterTest(
    "twenty views that wake at once at two gateways all answer, five of them from the pool",
    async (namespace) => {
      await using pods = servePods(host);
      const annotations = {
        "view.yolean.se/warm": String(SIZE),
        "view.yolean.se/assign": "/_gate/assign",
        "kwok/pod-ip": host,
        // So that the pool gets no new pod before the last view is launched.
        "kwok/ready-after": "3s",
      };
      const template = podTemplate({ annotations, port: { name: "http", containerPort: pods.port } });
      const views = await createViews(namespace, 20);
      await using one = await Replica.start(namespace, { template });
      await using other = await Replica.start(namespace);
      const metric = async (replica: Replica, line: string) => (await replica.probe("/metrics")).text.includes(line);
      for (const replica of [one, other]) {
        const ready = `view_gateway_pool_pods{state="ready",template="default"} ${SIZE}`;
        await eventually("the gateway sees the pool", () => metric(replica, ready), 20);
      }

      const ports = await Promise.all([one, other].map((replica) => replica.envoy!.port("public")));
      const answers = await Promise.all(
        views.map((view, number) => sendRequest({ host: `${view}.localhost`, port: ports[number % 2]! })),
      );
      deepEqual(answers.map(({ status, body }) => `${status} ${body}`), views.map(() => "200 hello"));
      equal(new Set(pods.views.values()).size, SIZE, "five views got a pod of the pool, each another one");
      equal(pods.views.size, SIZE);

      await eventually("each view has one started pod", async () => {
        const found = await Promise.all(views.map((view) => podsOfView(namespace, view)));
        return found.every(({ gated, started }) => gated.length === 0 && started.length === 1);
      });
      await eventually("each claimed pod has a note of its view", async () => {
        const found = await Promise.all(views.map((view) => podsOfView(namespace, view)));
        const claimed = found.flatMap(({ claimed }) => claimed).map(({ metadata: { uid, annotations } }) =>
          [`Bearer ${uid}`, annotations?.["view.yolean.se/assigned"]] as const
        );
        return isDeepStrictEqual(new Map(claimed), pods.views);
      });
      await eventually("the pool is full again", async () => (await podsOfPool(namespace)).length === SIZE);
      ok(await metric(one, 'view_gateway_claims_total{outcome="refused"} 0'));
    },
  );
}
