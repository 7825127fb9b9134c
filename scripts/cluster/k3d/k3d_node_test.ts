import { deepEqual, equal, match } from "node:assert/strict";
import { join } from "node:path";
import { runCommand } from "../../process/command.ts";
import { FakeK3d } from "./testing/fake_k3d.ts";

/** What k3d has been asked to do with clusters. */
async function verbs(machine: FakeK3d): Promise<readonly string[]> {
  return (await machine.changes()).map((call) => / k3d cluster (\S+)/.exec(call)![1]!);
}

const foreign = { name: "view-gateway", nodes: [{ name: "theirs", role: "server" }] };

Deno.test("k3d creates and deletes the project's cluster, and never writes the caller's kubeconfig", async () => {
  await using machine = await FakeK3d.with([{ ...foreign, name: "another" }]);
  const up = await machine.cluster("up", "node");
  equal(up.code, 0, up.said);
  equal((await machine.cluster("down", "node")).code, 0);

  const calls = await machine.changes();
  deepEqual(await verbs(machine), ["create", "delete"]);
  const own = join(machine.directory, "cache/view-gateway/clusters/node/kubeconfig");
  for (const call of calls) equal(call.startsWith(`KUBECONFIG=${own} `), true, call);
});

Deno.test("a cluster of the same name that others have made is refused at once, and stays", async () => {
  await using machine = await FakeK3d.with([foreign]);
  const { code, said } = await machine.cluster("up", "node");
  equal(code, 1);
  match(said, /k3d cluster view-gateway that was not made here/);
  await machine.cluster("down", "node");
  deepEqual(await machine.changes(), []);
});

Deno.test("a cluster that others make at the same moment stays too", async () => {
  await using machine = await FakeK3d.with();
  await machine.write("created-meanwhile", JSON.stringify([foreign]));
  equal((await machine.cluster("up", "node")).code, 1);
  await machine.cluster("down", "node");
  deepEqual((await machine.changes()).filter((call) => call.includes("delete")), []);
});

Deno.test("a cluster whose state is lost is recognised as the project's, and made again", async () => {
  await using machine = await FakeK3d.with();
  await machine.cluster("up", "node");
  await Deno.remove(join(machine.directory, "cache"), { recursive: true });
  const { code, said } = await machine.cluster("up", "node");
  equal(code, 0, said);
  equal((await machine.changes()).filter((call) => call.includes("cluster delete")).length, 1);
});

Deno.test("a borrowed node stops afterwards if it was not up before, and stays up if it was", async () => {
  const borrow = "await using borrowed = await node.borrowNode(); console.log(borrowed.cluster.kubeconfig);";
  await using machine = await FakeK3d.with();
  const first = await machine.statement(borrow);
  equal(first.code, 0, first.said);
  deepEqual(await verbs(machine), ["create", "delete"]);

  await machine.cluster("up", "node");
  equal((await machine.statement(borrow)).code, 0);
  equal((await machine.cluster("up", "node")).code, 0);
  deepEqual(await verbs(machine), ["create", "delete", "create"]);
});

Deno.test("a node that does not answer is started again before it is made again", async () => {
  await using machine = await FakeK3d.with();
  await machine.cluster("up", "node");
  machine.status = 503;
  await machine.cluster("up", "node");
  deepEqual(await verbs(machine), ["create", "start", "delete", "create"]);

  await machine.write("startable", "");
  const up = machine.cluster("up", "node");
  while ((await verbs(machine)).at(-1) !== "start") await new Promise((resolve) => setTimeout(resolve, 20));
  machine.status = 200;
  equal((await up).code, 0);
  deepEqual((await verbs(machine)).slice(4), ["start"]);
});

Deno.test("an image is imported if a node lacks it, and the node is asked whether that worked", async () => {
  await using machine = await FakeK3d.with();
  await machine.cluster("up", "node");
  await machine.write("manifest.json", JSON.stringify([{ RepoTags: ["ghcr.io/a:1"] }]));
  const archive = join(machine.directory, "a.tar");
  await runCommand("tar", ["--create", "--file", archive, "--directory", machine.directory, "manifest.json"]);
  const load = `await node.loadImageOnNode(${JSON.stringify(archive)});`;

  const failed = await machine.statement(load);
  equal(failed.code, 1);
  match(failed.said, /server does not have ghcr\.io\/a:1\. It said:\n.*imported.*\nno space left/);

  await machine.write("images", "ghcr.io/a:1\n");
  equal((await machine.statement(load)).code, 0);
  equal((await machine.changes()).filter((call) => call.includes("image import")).length, 1);
});

Deno.test("a port that leads to the Service stays, and an error names one that leads elsewhere", async () => {
  const service = (nodePort: number) =>
    `await node.forwardPort("127.0.0.1:8080", { clusterIP: "10.43.0.7", port: 80, nodePort: ${nodePort} });`;
  await using machine = await FakeK3d.with();
  await machine.cluster("up", "node");
  equal((await machine.statement(service(30001))).code, 0);
  match((await machine.changes()).at(-1)!, /--port-add 127\.0\.0\.1:8080:30001@loadbalancer$/);

  const balancer = {
    name: "balancer",
    role: "loadbalancer",
    portMappings: { "30001": [{ HostIp: "127.0.0.1", HostPort: "8080" }] },
  };
  await machine.write("clusters", JSON.stringify([{ name: "view-gateway", nodes: [balancer] }]));
  equal((await machine.statement(service(30001))).code, 0);
  match((await machine.statement(service(30002))).said, /8080 leads to port 30001 .* not to 30002/);
  equal((await machine.changes()).filter((call) => call.includes("cluster edit")).length, 1);
});

Deno.test("a command that needs the project's own node is refused while a k3d node is up, which stays", async () => {
  await using machine = await FakeK3d.with();
  await machine.cluster("up", "node");
  // It also stays when kwok clusters without an owner are removed.
  await machine.cluster("down", "kwok");
  const before = await machine.changes();
  const { said } = await machine.statement(`await node.requireNodeFits({ kind: "own" });`);
  match(said, /up by k3d.* Stop it first.*deno(@[\d.]+)? task cluster down node/);
  deepEqual(await machine.changes(), before);
});
