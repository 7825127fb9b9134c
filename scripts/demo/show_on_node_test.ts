import { deepEqual, doesNotMatch, equal, match, rejects } from "node:assert/strict";
import { FakeK3d } from "../cluster/k3d/testing/fake_k3d.ts";
import type { BorrowedNode } from "../cluster/node/node.ts";
import { freePort } from "../process/free_port.ts";
import { showOnNode } from "./show_on_node.ts";

/** A node that notes whether its borrower gives it back. Only then does a node stop that was started for the borrower. */
function borrowed(): BorrowedNode & { returned: boolean } {
  const node = {
    cluster: { kubeconfig: "/node/kubeconfig", insideKubeconfig: "/node/inside.kubeconfig" },
    returned: false,
    [Symbol.asyncDispose]: () => {
      node.returned = true;
      return Promise.resolve();
    },
  };
  return node;
}

Deno.test("the node stays after a demo that is complete", async () => {
  const node = borrowed();
  let kubeconfig = "";
  await showOnNode(node, new AbortController().signal, (cluster) => {
    kubeconfig = cluster.kubeconfig;
    return Promise.resolve();
  });
  equal(kubeconfig, "/node/kubeconfig");
  equal(node.returned, false);
});

Deno.test("an interruption gives the node back", async () => {
  const node = borrowed();
  const interruption = new AbortController();
  const shown = showOnNode(node, interruption.signal, () => {
    interruption.abort("SIGINT");
    return Promise.reject(new Error("a build was ended by SIGINT"));
  });
  await rejects(shown, /ended by SIGINT/);
  equal(node.returned, true);
});

Deno.test("a failure leaves the node", async () => {
  const node = borrowed();
  const shown = showOnNode(node, new AbortController().signal, () => Promise.reject(new Error("no space left")));
  await rejects(shown, /no space left/);
  equal(node.returned, false);
});

Deno.test("an interrupted demo stops the cluster that it has started, and leaves one that was up", async () => {
  await using machine = await FakeK3d.with();
  const clusters = async () => (await machine.changes()).map((call) => / k3d cluster (\S+)/.exec(call)?.[1]);
  const first = await machine.interruptDemo(freePort());
  equal(first.code, 130, first.said);
  match(first.said, /\nStopped by SIGINT\.\n$/);
  deepEqual(await clusters(), ["create", "delete"]);

  await machine.cluster("up", "node");
  const second = await machine.interruptDemo(freePort());
  equal(second.code, 130, second.said);
  match(second.said, /\nStopped by SIGINT\.\nThe cluster runs on\. Stop it: `\S.* task demo:down`\.\n$/);
  deepEqual(await clusters(), ["create", "delete", "create"]);
});

Deno.test("a demo that fails says at its end that a cluster runs on, but only if there is one", async () => {
  await using machine = await FakeK3d.with();
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const fail = () => machine.demo("up", "--port", String(taken.addr.port));
  const without = await fail();
  equal(without.code, 1, without.said);
  doesNotMatch(without.said, /runs on/);

  await machine.cluster("up", "node");
  const beside = await fail();
  equal(beside.code, 1, beside.said);
  match(beside.said, /\nThe cluster runs on\. Stop it: `\S.* task demo:down`\.\n$/);
});
