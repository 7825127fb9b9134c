import { deepEqual, equal, match } from "node:assert/strict";
import { type HttpRequest, sendRequest } from "../envoy/testing/http_client.ts";
import { clusterTest } from "../kubernetes/testing/namespace.ts";
import { Replica } from "../testing/replica.ts";
import { eventually } from "../testing/eventually.ts";
import { podTemplate } from "../testing/with_replica.ts";

clusterTest("bodies that wait for a view are bounded, and who goes away makes room", async (namespace) => {
  const annotations = { "view.yolean.se/spec": JSON.stringify({ subsets: [] }) };
  const labels = { "view.yolean.se/name": "hello" };
  await namespace.createService("hello", { metadata: { name: "hello", labels, annotations } });
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
