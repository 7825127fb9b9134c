import { expect, test } from "vitest";
import { environment } from "../environment.ts";
import { theGateway } from "../gateway/gateway.ts";
import { Pool } from "../gateway/pool.ts";
import { untilAllReady } from "../gateway/until_all_ready.ts";
import { SidecarKiller } from "../node/sidecar_killer.ts";
import { leftOverOf, NOTHING_LEFT } from "../outcome/left_over.ts";
import { printOutcome } from "../outcome/outcome_line.ts";
import { refilled, WarmWakes } from "../outcome/warm_wakes.ts";
import { random } from "../seed.ts";

const VIEWS = 200;
const POOL = 10;

test("a random sidecar is killed every second while views claim pods of a warm pool", async () => {
  const gateway = await theGateway();
  await using pool = await Pool.full(gateway, "warm-killed", { size: POOL });
  await using wakes = await WarmWakes.of([pool], VIEWS);

  const killer = new SidecarKiller(gateway, random(), environment().killEvery / 3);
  try {
    while (wakes.more) {
      await refilled(pool);
      await wakes.wave(POOL);
    }
  } finally {
    await killer[Symbol.asyncDispose]();
    await untilAllReady(gateway);
  }

  const left = await leftOverOf(wakes.views);
  printOutcome("sidecars killed during claims", wakes.tally, left, { kills: killer.kills, ...wakes.counts });
  expect(wakes.tally.otherwise).toEqual({});
  expect(wakes.wrong).toEqual([]);
  expect(wakes.twice).toBe(0);
  expect(wakes.warm).toBeGreaterThan(VIEWS / 4);
  expect(killer.kills).toBeGreaterThan(1);
  expect(left).toEqual(NOTHING_LEFT);
}, 900_000);
