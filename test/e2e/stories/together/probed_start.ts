import { expect, test } from "vitest";
import { theGateway } from "../../gateway/gateway.ts";

test("a view whose template lets the gateway probe answers before the kubelet has called it ready", async () => {
  const gateway = await theGateway();
  // Given a view that serves at once, and a kubelet that looks for the first time after a minute.
  await using view = await gateway.create("probed", { template: "probed" });

  // When it is asked for …
  const asked = performance.now();
  expect((await view.ask()).status).toBe(200);

  // … then nobody waits for the kubelet.
  expect(performance.now() - asked).toBeLessThan(30_000);
  const [pod] = await view.pods();
  const ready = pod?.status?.conditions?.find(({ type }) => type === "Ready");
  expect(ready?.status).toBe("False");
});
