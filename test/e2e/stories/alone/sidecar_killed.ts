import { expect, test } from "vitest";
import { core, watchJobs } from "../../cluster/cluster.ts";
import { environment } from "../../environment.ts";
import { type Gateway, theGateway } from "../../gateway/gateway.ts";
import type { Replica } from "../../gateway/replica.ts";
import { signalContainer } from "../../node/gateway_process.ts";
import { until } from "../../until.ts";

const REQUESTS = 100;

test.skipIf(!environment().direct)(
  "requests that are held outlive the sidecar that holds them (only where this process sees the node's)",
  { timeout: 150_000 },
  async () => {
    const gateway = await theGateway();
    const replica = gateway.replicas[0]!;
    // Given a view that takes some seconds to become ready, and a hundred requests that one replica holds.
    await using view = await gateway.create("crash", { template: "slow" });
    using jobs = await watchJobs(gateway.viewsNamespace, view.name);
    const restarts = await restartsOf(gateway, replica);
    const held = Promise.all(
      Array.from(
        { length: REQUESTS },
        () => view.askThrough(replica, { path: "/whoami" }),
      ),
    );
    await until(
      "all are held",
      async () => await replica.sidecar("view_gateway_gate_held") === REQUESTS,
      { every: 50 },
    );

    // When the sidecar is killed …
    await signalContainer(replica.pod, "sidecar", "SIGKILL");

    // … then every one of them is answered by the view.
    const answers = await held;
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(
      REQUESTS,
    );
    expect(new Set(answers.map((answer) => answer.json().pod)).size).toBe(1);
    expect(jobs.uids.size).toBe(1);
    // It had indeed been killed.
    await until(
      "the sidecar has restarted",
      async () => await restartsOf(gateway, replica) === restarts + 1,
    );
    await until("the replica is ready", async () => {
      const { status } = await core.readNamespacedPod({
        namespace: gateway.namespace,
        name: replica.pod,
      });
      return status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True");
    });
  },
);

async function restartsOf(
  { namespace }: Gateway,
  { pod }: Replica,
): Promise<number> {
  const { status } = await core.readNamespacedPod({ namespace, name: pod });
  return status?.initContainerStatuses?.find(({ name }) => name === "sidecar")
    ?.restartCount ?? 0;
}
