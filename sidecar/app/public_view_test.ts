import { equal } from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { clusterTest, type Namespace } from "../kubernetes/testing/namespace.ts";
import { closedGateway } from "../testing/closed_gateway.ts";
import { eventually } from "../testing/eventually.ts";
import { machineAddress } from "../testing/machine_address.ts";

/** Replaces a view's spec. */
async function setSpec({ name, transport, signal }: Namespace, view: string, spec: object): Promise<void> {
  const annotations = { "view.yolean.se/spec": JSON.stringify({ subsets: [], ...spec }) };
  await transport.call({
    method: "PATCH",
    path: `/api/v1/namespaces/${name}/services/${view}`,
    headers: { "content-type": "application/merge-patch+json" },
    body: JSON.stringify({ metadata: { annotations } }),
  }, signal);
}

// A machine without a network has no address for a pod.
if (machineAddress !== undefined) {
  const host = machineAddress;

  clusterTest("a view that is awake opens to everybody once it is public, and closes again", async (namespace) => {
    await using gateway = await closedGateway(namespace, host);
    const { replica, ask } = gateway;
    const passed = () => replica.envoy!.stat("http.gate.downstream_rq_total");
    const status = async () => (await ask("hello")).status;
    await gateway.view("hello", { public: true });
    equal(await status(), 200);
    const woken = await passed();
    equal(await status(), 200);
    equal(await passed(), woken, "the gate is not asked");

    await setSpec(namespace, "hello", {});
    await eventually("it is closed", async () => await status() === 401);

    await setSpec(namespace, "hello", { public: true });
    await eventually("it is open", async () => await status() === 200);
    const opened = await passed();
    equal(await status(), 200);
    equal(await passed(), opened, "the gate is not asked");
  });

  clusterTest("a public view stays awake while anonymous requests use it", async (namespace) => {
    const config = { idleSeconds: 4, minIdleSeconds: 4, loadReportSeconds: 1 };
    await using gateway = await closedGateway(namespace, host, { config });
    const passed = () => gateway.replica.envoy!.stat("http.gate.downstream_rq_total");
    await gateway.view("hello", { public: true });
    equal((await gateway.ask("hello")).status, 200);
    const woken = await passed();
    // Longer than its lease.
    for (const until = performance.now() + 8_000; performance.now() < until; await pause(200)) {
      equal((await gateway.ask("hello")).status, 200);
    }
    equal(await passed(), woken, "its lease was renewed by Envoy's reports, not by the gate");
  });
}
