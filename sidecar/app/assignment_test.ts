import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Pod } from "../envoy/testing/pod.ts";
import { clusterTest, type Namespace } from "../kubernetes/testing/namespace.ts";
import { podsOf } from "../kubernetes/testing/pool.ts";
import { warnings } from "../kubernetes/testing/warnings.ts";
import { eventually } from "../testing/eventually.ts";
import { machineAddress } from "../testing/machine_address.ts";
import { Replica } from "../testing/replica.ts";
import { type ViewPodOptions, withReplica } from "../testing/with_replica.ts";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const takes: Answer = (_request, response) => response.writeHead(200).end();

/** The web server of all pods of a test. They have one address, and tell their assignments apart by the bearer's token. */
function startServer(host: string, onAssignment: Answer): Promise<Pod> {
  return Pod.start("a", {
    host,
    answer: (request, response) => {
      if (request.method === "POST") return onAssignment(request, response);
      response.writeHead(200).end("hello");
    },
  });
}

/** A template with a warm pool of one pod. */
function warm(
  { address: { address, port } }: Pod,
  annotations: Readonly<Record<string, string>> = {},
): ViewPodOptions {
  return {
    annotations: {
      "view.yolean.se/warm": "1",
      "view.yolean.se/assign": "/_gate/assign",
      "kwok/pod-ip": address,
      ...annotations,
    },
    port: { name: "http", containerPort: port },
  };
}

const metric = async (replica: Replica, line: string) => (await replica.probe("/metrics")).text.includes(line);

const poolIsReady = (replica: Replica) =>
  eventually(
    "the pool has its pod",
    () => metric(replica, 'view_gateway_pool_pods{state="ready",template="default"} 1'),
  );

/** The pod that the view has got from the pool. Its Job may still have the one that kept its place. */
const claimedPods = async (namespace: Namespace) =>
  (await podsOf(namespace, "view.yolean.se/name=hello")).filter(({ metadata }) =>
    "view.yolean.se/claimed-from" in (metadata.annotations ?? {})
  );

const assignmentsAt = ({ requests }: Pod) => requests.filter(({ method }) => method === "POST");

const annotationsOf = async (namespace: Namespace) =>
  (await claimedPods(namespace)).map(({ metadata }) => metadata.annotations ?? {});

// A machine without a network has no such address.
if (machineAddress !== undefined) {
  const host = machineAddress;

  clusterTest("a request wakes a view with a pod of the warm pool, which is told its view first", async (namespace) => {
    await using server = await startServer(host, takes);
    await withReplica(namespace, warm(server), async (replica, asked) => {
      await using other = await Replica.start(namespace, { envoy: false });
      await poolIsReady(replica);
      deepEqual([(await asked()).status, (await asked()).body], [200, "hello"]);
      const [pod] = await claimedPods(namespace);
      const service = await namespace.call("GET", "api/v1/services/hello");
      const [assignment, ...more] = assignmentsAt(server);
      deepEqual([assignment?.path, assignment?.headers.authorization], [
        "/_gate/assign",
        `Bearer ${pod?.metadata.uid}`,
      ]);
      deepEqual(more, []);
      equal(server.requests[0], assignment, "nobody reaches the pod before");
      ok(await metric(replica, 'view_gateway_assignments_total{outcome="assigned"} 1'));
      ok(await metric(replica, 'view_gateway_wake_seconds_count{start="warm"} 1'));
      equal(JSON.parse((await replica.api("/_api/views/hello")).body).start, "warm");

      // The other gateway learns of it from Kubernetes alone.
      await eventually("it is awake there", () => metric(other, 'view_gateway_views{phase="awake"} 1'));
      deepEqual(
        (await annotationsOf(namespace)).map((annotations) => annotations["view.yolean.se/assigned"]),
        [service.metadata.uid],
      );
      equal(assignmentsAt(server).length, 1);
    });
  });

  clusterTest("a gateway that ends before it notes an assignment leaves it to the next one", async (namespace) => {
    await using server = await startServer(host, takes);
    await withReplica(namespace, warm(server), async (replica, asked) => {
      await poolIsReady(replica);
      equal((await asked()).status, 200);
      await eventually(
        "it is noted",
        async () => (await annotationsOf(namespace)).every((noted) => "view.yolean.se/assigned" in noted),
      );
      await replica.stop();
    });
    const [before] = await claimedPods(namespace);
    // As if the note had never been written.
    await namespace.transport.call({
      method: "PATCH",
      path: `/api/v1/namespaces/${namespace.name}/pods/${before?.metadata.name}`,
      headers: { "content-type": "application/merge-patch+json" },
      body: JSON.stringify({ metadata: { annotations: { "view.yolean.se/assigned": null } } }),
    }, namespace.signal);
    await using next = await Replica.start(namespace);
    await eventually("it is awake", () => metric(next, 'view_gateway_views{phase="awake"} 1'));
    equal((await next.check("hello")).status, 200);
    deepEqual((await claimedPods(namespace)).map(({ metadata }) => metadata.uid), [before?.metadata.uid]);
    const [first, second, ...more] = assignmentsAt(server);
    deepEqual([second?.headers.authorization, second?.sha256, more], [first?.headers.authorization, first?.sha256, []]);
  });

  /** What pods do at their assignment, and what is told of it. */
  const failures: Readonly<Record<string, { readonly answer: Answer; readonly told: RegExp }>> = {
    "fails": { answer: (_, response) => response.writeHead(500).end(), told: /the pod answered 500/ },
    "is another view": { answer: (_, response) => response.writeHead(409).end(), told: /another view already/ },
    "knows another UID": { answer: (_, response) => response.writeHead(401).end(), told: /does not know its own UID/ },
    "takes none at the path": { answer: (_, response) => response.writeHead(404).end(), told: /no assignment at that/ },
    "redirects": {
      answer: (_, response) => response.writeHead(307, { location: "/_gate/other" }).end(),
      told: /the pod answered 307/,
    },
    "never answers": { answer: () => {}, told: /has not answered/ },
    "hangs up": { answer: ({ socket }) => void socket.destroy(), told: /has not answered/ },
    "is not ready for it": { answer: (_, response) => response.writeHead(503).end(), told: /has not answered/ },
  };

  for (const [what, { answer, told }] of Object.entries(failures)) {
    clusterTest(`a pod of the warm pool that ${what} is left: the request gets a cold start`, async (namespace) => {
      await using server = await startServer(host, answer);
      await withReplica(namespace, warm(server), async (replica, asked) => {
        await poolIsReady(replica);
        const { status, body } = await asked();
        deepEqual([status, body], [200, "hello"]);
        ok(await metric(replica, 'view_gateway_assignments_total{outcome="failed"} 1'));
        const annotations = await annotationsOf(namespace);
        equal(annotations.some((noted) => "view.yolean.se/assigned" in noted), false);
        const [warning] = await warnings(namespace, 1);
        equal(warning?.reason, "AssignmentFailed");
        match(warning?.message ?? "", told);
        equal((await podsOf(namespace)).some(({ metadata }) => warning?.message.includes(metadata.uid ?? "-")), false);
      });
    });
  }

  clusterTest("a page that waits for a view sees its cold start, without another request", async (namespace) => {
    await using server = await startServer(host, (_, response) => response.writeHead(503).end());
    await withReplica(namespace, warm(server, { "kwok/ready-after": "2500ms" }), async (replica, asked) => {
      await poolIsReady(replica);
      const headers = { accept: "text/html", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
      equal((await asked({ headers })).status, 503);
      const { body } = await asked({ path: "/_gate/progress", timeout: 15_000 });
      match(body, /"phase":"awake"[^\n]*\n*$/);
      ok(await metric(replica, 'view_gateway_assignments_total{outcome="failed"} 1'));
    });
  });

  clusterTest("a pod that ends between its claim and its assignment is left too", async (namespace) => {
    const deleted = Promise.withResolvers<void>();
    await using server = await startServer(host, async () => {
      // It never answers: its process is gone.
      for (const { metadata } of await claimedPods(namespace)) {
        await namespace.call("DELETE", `api/v1/pods/${metadata.name}`);
      }
      deleted.resolve();
    });
    await withReplica(namespace, warm(server), async (replica, asked) => {
      await poolIsReady(replica);
      const { status, body } = await asked();
      deepEqual([status, body], [200, "hello"]);
      await deleted.promise;
      ok(await metric(replica, 'view_gateway_assignments_total{outcome="failed"} 1'));
    });
  });
}
