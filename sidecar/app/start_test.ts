import { deepEqual, equal, match, ok } from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { clusterTest } from "../kubernetes/testing/namespace.ts";
import { warnings } from "../kubernetes/testing/warnings.ts";
import { Pod } from "../envoy/testing/pod.ts";
import type { Progress } from "../page/progress.ts";
import { Replica } from "../testing/replica.ts";
import { machineAddress } from "../testing/machine_address.ts";
import { eventually } from "../testing/eventually.ts";
import { withReplica } from "../testing/with_replica.ts";

const BROWSER = {
  accept: "text/html,application/xhtml+xml,*/*;q=0.8",
  "sec-fetch-mode": "navigate",
  "sec-fetch-dest": "document",
};

/** The events of a stream that has ended. */
function eventsOf(stream: string): readonly Progress[] {
  return [...stream.matchAll(/^event: progress\ndata: (.*)$/gm)].map(([, data]) => JSON.parse(data!));
}

clusterTest("a browser gets a page within a moment, which follows the start to its end", async (namespace) => {
  await withReplica(namespace, { annotations: { "kwok/ready-after": "2500ms" } }, async (replica, asked) => {
    const began = performance.now();
    const { status, headers, body } = await asked({ headers: BROWSER });
    ok(performance.now() - began < 2_500, "the page does not wait for the view");
    equal(status, 503);
    match(headers["content-type"] ?? "", /^text\/html/);
    equal(headers["cache-control"], "no-store");
    equal(headers["retry-after"], "2");
    match(String(headers["content-security-policy"]), /^default-src 'none';/);
    equal(headers["x-gate-unavailable"], undefined);
    match(body, /<h1>hello<\/h1>/);

    const head = await asked({ method: "HEAD", headers: BROWSER });
    equal(head.status, 503);
    for (const name of ["content-type", "content-security-policy", "cache-control"]) {
      equal(head.headers[name], headers[name], name);
    }
    equal(head.body, "");

    const stream = await asked({ path: "/_gate/progress", headers: { "sec-fetch-site": "same-origin" } });
    match(stream.headers["content-type"] ?? "", /^text\/event-stream/);
    const events = eventsOf(stream.body);
    equal(events.at(-1)?.phase, "awake");
    equal((await replica.check("hello", BROWSER)).status, 200);
  });
});

clusterTest("a quota is named at once: to programs, to browsers, and by an Event", async (namespace) => {
  await namespace.call("POST", "api/v1/resourcequotas", { metadata: { name: "none" }, spec: { hard: { pods: "0" } } });
  await withReplica(namespace, {}, async (replica, asked) => {
    // The quota's controller has to take it over first.
    await pause(500);
    const began = performance.now();
    const { status, headers, body } = await asked();
    ok(performance.now() - began < 2_000, "it does not wait");
    equal(status, 503);
    equal(headers["content-type"], "application/problem+json");
    const problem = JSON.parse(body);
    equal(problem.reason, "FailedCreate");
    match(problem.detail, /exceeded quota/);

    const [warning] = await warnings(namespace, 1);
    deepEqual([warning?.type, warning?.reason, warning?.involvedObject.name], ["Warning", "StartFailed", "hello"]);
    match(warning?.message ?? "", /^FailedCreate: .*exceeded quota/);

    // The second try is at once, the third after a pause.
    // What is left of a pause of two seconds, rounded up.
    match(String((await asked()).headers["retry-after"]), /^[12]$/);
    const page = await asked({ headers: BROWSER });
    equal(page.status, 503);
    match(page.body, /exceeded quota/);
    match(page.body, /Try again in [12] s/);
    const { items } = await namespace.call("GET", "apis/batch/v1/jobs") as unknown as {
      items: readonly { readonly metadata: { readonly annotations: Record<string, string> } }[];
    };
    equal(items[0]?.metadata.annotations["view.yolean.se/failures"], "1");
    equal((await warnings(namespace, 2)).length, 2);
    const metrics = (await replica.probe("/metrics")).text;
    match(metrics, /view_gateway_start_failures_total\{owner="platform",reason="FailedCreate"\} 2/);
  });
});

clusterTest("a pod that no node has room for keeps its place, and its view starts once one has", async (namespace) => {
  const node = { nodeSelector: { "example.test/room": namespace.name } };
  await withReplica(namespace, { spec: node }, async (_replica, asked) => {
    const jobs = async () => {
      const { items } = await namespace.call("GET", "apis/batch/v1/jobs") as unknown as {
        items: readonly { readonly metadata: { readonly uid: string } }[];
      };
      return items.map(({ metadata }) => metadata.uid);
    };
    equal(JSON.parse((await asked()).body).reason, "Unschedulable");
    const before = await jobs();
    const again = await asked();
    deepEqual([again.status, again.headers["retry-after"]], [503, "5"]);
    deepEqual(await jobs(), before);

    const stream = asked({ path: "/_gate/progress" });
    await pause(200);
    const { items: nodes } = JSON.parse(
      (await namespace.transport.call({ method: "GET", path: "/api/v1/nodes" }, namespace.signal)).text,
    );
    const patch = (value: string | null) =>
      namespace.transport.call({
        method: "PATCH",
        path: `/api/v1/nodes/${nodes[0].metadata.name}`,
        headers: { "content-type": "application/merge-patch+json" },
        body: JSON.stringify({ metadata: { labels: { "example.test/room": value } } }),
      }, namespace.signal);
    await patch(namespace.name);
    try {
      const phases = eventsOf((await stream).body).map(({ phase }) => phase);
      deepEqual([phases[0], phases.at(-1)], ["failed", "awake"]);
      deepEqual(await jobs(), before);
    } finally {
      await patch(null);
    }
  });
});

clusterTest("a browser gets a page for a name that no view has", async (namespace) => {
  await withReplica(namespace, {}, async (_replica, asked) => {
    const page = await asked({ host: "nobody.localhost", headers: BROWSER });
    equal(page.status, 404);
    match(page.body, /There is no view at nobody\.localhost/);
    equal((await asked({ host: "nobody.localhost" })).headers["content-type"], "application/problem+json");
  });
});

/** A pod that Kubernetes says nothing good of for a day; the port is this machine's. */
function probed(pod: Pod, readyAfter = "24h") {
  const annotations = {
    "view.yolean.se/start-probe": "/healthz",
    "kwok/ready-after": readyAfter,
    "kwok/pod-ip": pod.address.address,
  };
  return { annotations, port: { name: "http", containerPort: pod.address.port } };
}

const metric = async (replica: Replica, line: string) => (await replica.probe("/metrics")).text.includes(line);

// A machine without a network has no such address.
if (machineAddress !== undefined) {
  const host = machineAddress;
  clusterTest(
    "a pod that answers is found before the kubelet says so, where its template lets it",
    async (namespace) => {
      let loads = true;
      await using pod = await Pod.start("a", {
        host,
        answer: (request, response) => {
          const ready = request.url !== "/healthz" || !loads;
          response.writeHead(ready ? 200 : 503).end(ready ? "hello" : "");
        },
      });
      await withReplica(namespace, probed(pod), async (replica, asked) => {
        await using other = await Replica.start(namespace, { envoy: false });
        const held = asked();
        await eventually("it is probed", () => Promise.resolve(pod.requests.length >= 3));
        ok(await metric(replica, 'view_gateway_views{phase="starting"} 1'));
        loads = false;
        const { status, body } = await held;
        deepEqual([status, body], [200, "hello"]);
        equal((await asked()).status, 200);
        ok(await metric(replica, 'view_gateway_probed_starts_total{first="gateway"} 1'));
        ok(await metric(replica, 'view_gateway_wake_seconds_count{start="cold"} 1'));
        ok(await metric(replica, 'view_gateway_wake_seconds_count{start="warm"} 0'));
        equal(JSON.parse((await replica.api("/_api/views/hello")).body).start, "cold");
        const probes = () => pod.requests.filter(({ path }) => path === "/healthz").length;
        const before = probes();
        await pause(300);
        equal(probes(), before, "and is not probed any more");

        // No request waits at the other gateway, which learns of none.
        ok(await metric(other, 'view_gateway_views{phase="starting"} 1'));

        const { items } = await namespace.call("GET", "api/v1/pods") as unknown as {
          items: readonly { readonly metadata: { readonly name: string } }[];
        };
        await namespace.call("DELETE", `api/v1/pods/${items[0]!.metadata.name}`);
        await eventually(
          "a pod that is gone keeps no view awake",
          () => metric(replica, 'view_gateway_views{phase="awake"} 0'),
        );
      });
    },
  );

  clusterTest("the pod of a view with an open page is probed too; the kubelet may be first", async (namespace) => {
    await using pod = await Pod.start("a", {
      host,
      answer: (_request, response) => response.writeHead(503).end(),
    });
    await withReplica(namespace, probed(pod, "3s"), async (replica, asked) => {
      equal((await asked({ headers: BROWSER })).status, 503);
      const stream = await asked({ path: "/_gate/progress" });
      equal(eventsOf(stream.body).at(-1)?.phase, "awake");
      ok(pod.requests.length > 3);
      ok(await metric(replica, 'view_gateway_probed_starts_total{first="kubelet"} 1'));
    });
  });
}

clusterTest("a template whose probe has no valid path starts nothing, and says so", async (namespace) => {
  await withReplica(namespace, { annotations: { "view.yolean.se/start-probe": "healthz" } }, async (_, asked) => {
    const { status, body } = await asked();
    const { reason, detail } = JSON.parse(body);
    deepEqual([status, reason], [503, "InvalidTemplate"]);
    match(detail, /start-probe with the value "healthz"; it must be a path such as \/healthz/);
  });
});
