import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { theGateway } from "../../gateway/gateway.ts";
import { problemOf } from "../../client/problem.ts";
import { until } from "../../until.ts";

test("a request that is held for a view is answered 404 when the view is deleted", async () => {
  const gateway = await theGateway();
  // Given a view whose pod runs but never becomes ready, and a request that waits for it.
  await using view = await gateway.create("deleted", {
    template: "never-ready",
  });
  const held = view.ask();
  await until(
    "the pod runs",
    async () => (await view.pods()).some(({ status }) => status?.phase === "Running"),
  );
  expect(await Promise.race([held, pause(500, "held")])).toBe("held");

  // When the view is deleted …
  const deleted = performance.now();
  await view.delete();

  // … then the request learns so at once.
  problemOf(await held, 404, "unknown-view");
  expect(performance.now() - deleted).toBeLessThan(3_000);
});
