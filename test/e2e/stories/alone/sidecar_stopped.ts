import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { environment } from "../../environment.ts";
import { theGateway } from "../../gateway/gateway.ts";
import { signalContainer } from "../../node/gateway_process.ts";
import { until } from "../../until.ts";

const REQUESTS = 50;

/** Milliseconds that the sidecar says nothing: longer than Envoy waits for a sign of life, shorter than the kubelet does. */
const SILENCE = 20_000;

test.skipIf(!environment().direct)(
  "requests that are held outlive a sidecar that hangs for twenty seconds (only where this process sees the node's)",
  { timeout: 150_000 },
  async () => {
    const gateway = await theGateway();
    const replica = gateway.replicas[0]!;
    await using view = await gateway.create("hang", { template: "slow" });
    const held = Promise.all(
      Array.from({ length: REQUESTS }, () => view.askThrough(replica)),
    );
    await until(
      "all are held",
      async () => await replica.sidecar("view_gateway_gate_held") === REQUESTS,
      { every: 50 },
    );

    await signalContainer(replica.pod, "sidecar", "SIGSTOP");
    await pause(SILENCE);
    await signalContainer(replica.pod, "sidecar", "SIGCONT");

    const answers = await held;
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(
      REQUESTS,
    );
  },
);
