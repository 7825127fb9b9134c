import { deepEqual } from "node:assert/strict";
import { stepsOf } from "./timed_wake.ts";

Deno.test("a cold start shows how its pod starts, and a warm one how it gets a pod that runs", () => {
  const pod = { podScheduled: 2, containerStarted: 3, podAddressed: 4, podServing: 5 };
  const steps = (start: Parameters<typeof stepsOf>[0]) => stepsOf(start).map(({ what, at }) => [what, at]);
  deepEqual(steps({ jobCreated: 1, ...pod }), [
    ["Job created", 1],
    ["pod scheduled", 2],
    ["container started", 3],
    ["pod has an address", 4],
    ["pod serving", 5],
  ]);
  // The watch first hears of a claimed pod when all of that is long past.
  deepEqual(steps({ jobCreated: 1, podClaimed: 2, podAssigned: 6, ...pod }), [
    ["Job created", 1],
    ["pod claimed", 2],
    ["pod assigned", 6],
  ]);
});
