import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { theGateway } from "../../gateway/gateway.ts";
import type { View } from "../../gateway/view.ts";

const VIEWS = 10;

/** Seconds; the shortest that a view may have. */
const IDLE = 10;

test("all requests that come at the moment at which leases end are answered", async () => {
  const gateway = await theGateway();
  const views = await Promise.all(
    Array.from(
      { length: VIEWS },
      () => gateway.create("late", { idleSeconds: IDLE }),
    ),
  );
  try {
    await Promise.all(views.map((view) => view.whoami()));

    // From half a second before each end to as long after it: twenty a second for each view.
    const outcomes = await Promise.all(views.map(async (view) => {
      while (await secondsLeft(view) > 0.5) await pause(100);
      const asked: Promise<number>[] = [];
      for (let n = 0; n < 20; n++) {
        asked.push(view.ask().then(({ status }) => status));
        await pause(50);
      }
      return await Promise.all(asked);
    }));

    expect(new Set(outcomes.flat())).toEqual(new Set([200]));
  } finally {
    await Promise.all(views.map((view) => view.delete()));
  }
});

/** Until Kubernetes ends the view, unless its lease is renewed. */
async function secondsLeft(view: View): Promise<number> {
  const { status, spec } = (await view.job())!;
  return (status!.startTime!.getTime() - Date.now()) / 1000 +
    spec!.activeDeadlineSeconds!;
}
