import { expect, test } from "vitest";
import { theGateway } from "../../gateway.ts";
import { until } from "../../until.ts";

test("a view that nobody uses falls asleep, and the next request wakes it anew", async () => {
  const gateway = await theGateway();
  // Given a view that is awake for as short a time as may be.
  await using view = await gateway.create("idle", { idleSeconds: 10 });
  const first = await view.whoami();

  // When nobody asks any more, then Kubernetes ends it.
  await until("the view sleeps", async () => await view.phase() === "asleep", {
    within: 60_000,
  });

  // And the next request is answered by another pod.
  const second = await view.whoami();
  expect(second.pod).not.toBe(first.pod);
});
