import { deepEqual, equal, match } from "node:assert/strict";
import { FakeK3d } from "../cluster/k3d/testing/fake_k3d.ts";
import { observationGuide, observationPorts } from "./demo_observation.ts";

Deno.test("the guide tells of what runs alone, and links to the trace if there is one", () => {
  const addresses = (lines: readonly string[]) => lines.map((line) => line.trim().split("  ")[0]!.replace(/\?.*/, ""));
  const [zipkin, prometheus] = ["http://localhost:9411/zipkin/", "http://localhost:9090/classic/"];
  deepEqual(observationGuide({}, undefined), []);
  deepEqual(addresses(observationGuide({ zipkin }, undefined)), [zipkin]);
  deepEqual(addresses(observationGuide({ zipkin }, "0af7")), [zipkin, `${zipkin}traces/0af7`]);
  deepEqual(addresses(observationGuide({ prometheus }, undefined)), [`${prometheus}alerts`, `${prometheus}graph`]);
});

Deno.test("the demo takes a port only for what was asked for", () => {
  deepEqual(observationPorts({}), []);
  deepEqual(observationPorts({ traces: true, metrics: true }), [9411, 9090]);
});

Deno.test("a demo with traces or metrics is refused at once where k3d runs the node, and says why", async () => {
  await using machine = await FakeK3d.with();
  await machine.cluster("up", "node");
  const { code, said } = await machine.demo("up", "--metrics", "--traces");
  equal(code, 1, said);
  match(said, /^The node is up by k3d, and this needs the project's own way \(Linux and root\)\./m);
});

Deno.test("the gateway's port cannot be that of another program of the demo", async () => {
  await using machine = await FakeK3d.with();
  const { code, said } = await machine.demo("up", "--traces", "--port=9411");
  equal(code, 1, said);
  match(said, /^Port 9411 is another program's of the demo\. Choose another one for the gateway\./m);
});
