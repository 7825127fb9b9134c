import { deepEqual, equal, match } from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { type HttpRequest, sendRequest } from "../envoy/testing/http_client.ts";
import { writeTemplates } from "../kubernetes/testing/config_map.ts";
import { clusterTest, type Namespace } from "../kubernetes/testing/namespace.ts";
import { Replica } from "../testing/replica.ts";
import { eventually } from "../testing/eventually.ts";
import { podTemplate } from "../testing/with_replica.ts";

clusterTest("bodies that wait for a view are bounded, and a client that goes away makes room", async (namespace) => {
  await createHello(namespace);
  // Given a view that takes its time to start, and room for one of two bodies, …
  const template = podTemplate({ annotations: { "kwok/ready-after": "60s" } });
  await using replica = await Replica.start(namespace, { template, config: { heldBytesPerView: 17_000_000 } });
  const port = await replica.envoy!.port("public");
  const asked = (more: Partial<HttpRequest> = {}) => sendRequest({ host: "hello.localhost", port, ...more });
  const upload = { method: "POST", body: new Uint8Array(5_000_000) };
  const metric = async (name: string) =>
    Number(new RegExp(`^view_gateway_${name} (\\d+)$`, "m").exec((await replica.probe("/metrics")).text)?.[1]);
  const clients = new AbortController();
  const leaves = (answer: Promise<unknown>) => answer.then(() => "answered", () => "gone");

  // … when one waits, another one gets 503, and a request without a body waits beside it; …
  const first = new AbortController();
  const held = leaves(asked({ ...upload, signal: first.signal }));
  await eventually("the first waits", async () => await metric("gate_held") === 1);
  const { status, headers, body } = await asked(upload);
  deepEqual([status, headers["retry-after"], headers["content-type"]], [503, "2", "application/problem+json"]);
  const problem = JSON.parse(body);
  deepEqual([problem.type, problem.view], ["urn:view-gateway:too-many-bytes", "hello"]);
  match(problem.detail, /^The bodies of requests that wait for view hello may take 16 MiB/);
  const others = [leaves(asked({ signal: clients.signal }))];
  await eventually("another waits", async () => await metric("gate_held") === 2);

  // … and when the client of the first goes away, the next one has its room.
  first.abort();
  equal(await held, "gone");
  await eventually("it has left", async () => await metric("gate_body_bytes") === 0);
  others.push(leaves(asked({ ...upload, signal: clients.signal })));
  await eventually("the next waits", async () => await metric("gate_body_bytes") > 10_000_000);
  clients.abort();
  deepEqual(await Promise.all(others), ["gone", "gone"]);
});

async function createHello(namespace: Namespace): Promise<void> {
  const annotations = { "view.yolean.se/spec": JSON.stringify({ subsets: [] }) };
  const labels = { "view.yolean.se/name": "hello" };
  await namespace.createService("hello", { metadata: { name: "hello", labels, annotations } });
}

/** A client that has sent 3 MB of a body of 4 MB. */
function partialUpload(port: number): Socket {
  const socket = connect(port, "127.0.0.1").on("error", () => {});
  socket.write("POST / HTTP/1.1\r\nHost: hello.localhost\r\nContent-Length: 4000000\r\n\r\n");
  socket.write(new Uint8Array(3_000_000));
  return socket;
}

clusterTest("a client that goes away amid its body is noticed also while its view starts", async (namespace) => {
  await createHello(namespace);
  // Given a view that starts because of a first request, which stays, …
  const template = podTemplate({ annotations: { "kwok/ready-after": "24h" } });
  await using replica = await Replica.start(namespace, { template });
  const port = await replica.envoy!.port("public");
  const metrics = async () => (await replica.probe("/metrics")).text;
  const held = async () => Number(/^view_gateway_gate_held (\d+)$/m.exec(await metrics())?.[1]);
  const client = new AbortController();
  const first = sendRequest({ host: "hello.localhost", port, signal: client.signal }).catch(() => "gone");
  await eventually("the view starts", async () => (await metrics()).includes('{phase="starting"} 1'));
  await eventually("its pod exists", async () => {
    const { items } = await namespace.call("GET", "api/v1/pods") as unknown as {
      items: { status: { phase: string } }[];
    };
    return items.some(({ status }) => status.phase === "Running");
  });

  // … when three clients have each sent a part of a body, …
  const uploads = Array.from({ length: 3 }, () => partialUpload(port));
  await eventually("all wait", async () => await held() === 4);

  // … they leave the gate as soon as they reset their connections.
  for (const socket of uploads) socket.resetAndDestroy();
  await eventually("the first alone waits", async () => await held() === 1);
  client.abort();
  equal(await first, "gone");
});

clusterTest(
  "while a view that fell asleep lately has its cluster, a body counts as one of which a part is read",
  async (namespace) => {
    await createHello(namespace);
    await using replica = await Replica.start(namespace, { template: podTemplate() });
    const port = await replica.envoy!.port("public");
    const metrics = async () => (await replica.probe("/metrics")).text;
    equal((await replica.check("hello")).status, 200);
    await writeTemplates(namespace, { default: podTemplate({ annotations: { "kwok/ready-after": "24h" } }) });
    await namespace.call("DELETE", "apis/batch/v1/jobs/hello?propagationPolicy=Background");
    await eventually("the view is asleep", async () => (await metrics()).includes('{phase="asleep"} 1'));

    const upload = partialUpload(port);
    await eventually("it waits", async () => (await metrics()).includes("\nview_gateway_gate_held 1\n"));
    match(await metrics(), /^view_gateway_gate_body_bytes 2097152$/m);
    upload.destroy();
  },
);
