import { expect, test } from "vitest";
import { theGateway } from "../../gateway/gateway.ts";
import { until } from "../../until.ts";

const IDLE_SECONDS = 10;
/** Seconds that Kubernetes may take to see that a lease is over and to end the pod. */
const MARGIN = 20;

test("a view that nobody uses falls asleep, and the next request wakes it again", async () => {
  const gateway = await theGateway();
  // Given a view that is awake for as short a time as may be.
  await using view = await gateway.create("idle", { idleSeconds: IDLE_SECONDS });
  const first = await view.whoami();

  // When nobody asks any more, then Kubernetes ends it by the end of its idle time, give or take what that needs.
  await until("the view sleeps", async () => await view.phase() === "asleep", {
    within: (IDLE_SECONDS + MARGIN) * 1_000,
  });

  // And nothing is left of it but its Service: alerts on failed Jobs are about other things.
  await until("its Job is gone", async () => await view.job() === undefined, { within: MARGIN * 1_000 });

  // And the next request is answered by another pod.
  const second = await view.whoami();
  expect(second.pod).not.toBe(first.pod);
});
