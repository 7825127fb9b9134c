import { expect, test } from "vitest";
import { watchJobs } from "../cluster/cluster.ts";
import { theGateway } from "../gateway/gateway.ts";
import { leftOverOf, NOTHING_LEFT } from "../outcome/left_over.ts";
import { printOutcome } from "../outcome/outcome_line.ts";
import { SidecarKiller } from "../node/sidecar_killer.ts";
import { random } from "../seed.ts";
import { Tally } from "../outcome/tally.ts";

const VIEWS = 50;
const REQUESTS_PER_VIEW = 10;
/** Views that start at once: a node of few cores starts no more in time. */
const WAVE = 10;

test("a random sidecar is killed every few seconds while views start", async () => {
  const gateway = await theGateway();
  const tally = new Tally();
  const views = await Promise.all(
    // Every other view takes seconds to become ready, so that sidecars die while they hold.
    Array.from(
      { length: VIEWS },
      (_, i) => gateway.create("killed", i % 2 === 0 ? { template: "slow" } : {}),
    ),
  );
  const began = performance.now();
  const watches = await Promise.all(
    views.map(({ name }) => watchJobs(gateway.viewsNamespace, name)),
  );

  const killer = new SidecarKiller(gateway, random());
  try {
    for (let at = 0; at < VIEWS; at += WAVE) {
      const wave = views.slice(at, at + WAVE);
      const requests = wave.flatMap((view) =>
        Array.from(
          { length: REQUESTS_PER_VIEW },
          () => tally.count(view.ask({ path: "/whoami" })),
        )
      );
      await Promise.all(requests);
      await Promise.all(wave.map((view) => view.delete()));
    }
  } finally {
    await killer[Symbol.asyncDispose]();
    for (const watch of watches) watch[Symbol.dispose]();
  }

  const left = await leftOverOf(views);
  const jobs = Math.max(...watches.map(({ uids }) => uids.size));
  printOutcome("sidecars killed", tally, left, {
    kills: killer.kills,
    seconds: Math.round((performance.now() - began) / 1_000),
    "most Jobs of a view": jobs,
  });
  expect(tally.otherwise).toEqual({});
  expect(jobs).toBe(1);
  expect(killer.kills).toBeGreaterThan(1);
  expect(left).toEqual(NOTHING_LEFT);
}, 600_000);
