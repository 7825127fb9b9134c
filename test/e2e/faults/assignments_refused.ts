import { expect, test } from "vitest";
import { apiWrites } from "../cluster/api_writes.ts";
import { type Gateway, theGateway } from "../gateway/gateway.ts";
import { odd, type Oddity } from "../gateway/odd_pod.ts";
import { Pool } from "../gateway/pool.ts";
import { ASSIGN, WARM } from "../gateway/templates.ts";
import { memoryOf } from "../node/gateway_process.ts";
import { leftOverOf, NOTHING_LEFT } from "../outcome/left_over.ts";
import { printOutcome } from "../outcome/outcome_line.ts";
import { WarmWakes } from "../outcome/warm_wakes.ts";
import { until } from "../until.ts";

const ODDITIES: readonly Oddity[] = ["answers 500", "answers 409", "never answers"];
const POOL = 4;
const VIEWS = 300;
/** Views that wake at a time: as many as there are pods in the pools. */
const WAVE = ODDITIES.length * POOL;
/** Milliseconds for which a request may be held whose view's pool refuses. */
const WITHIN = 60_000;
/** How many times the writes of a cold start a wake may cost on average. A refused claim adds those of a second Job. */
const WRITES = 2;
/** How many times the memory that it had before a gateway may need. */
const MEMORY = 1.5;

test("views wake from pools whose pods refuse their assignments", async () => {
  const gateway = await theGateway();
  const before = await cold(gateway);
  const memory = await sidecarMemory(gateway);
  const pools = await Promise.all(
    ODDITIES.map((oddity) => Pool.full(gateway, "warm-refuses", { size: POOL, base: "duckdb", change: odd(oddity) })),
  );
  try {
    await using wakes = await WarmWakes.of(pools, VIEWS);
    const writes = await apiWrites();
    while (wakes.more) await wakes.wave(WAVE);
    const each = (await apiWrites() - writes) / VIEWS;
    const failed = await sum(gateway, "view_gateway_assignments_total", { outcome: "failed" });
    const held = await sum(gateway, "view_gateway_gate_held");
    const grown = await sidecarMemory(gateway) / memory;

    const left = await leftOverOf(wakes.views);
    printOutcome("assignments refused", wakes.tally, left, {
      "assignments refused": failed,
      "writes of a wake": Math.round(each),
      "of a cold start": Math.round(before),
      "% of the sidecar's memory before": Math.round(grown * 100),
      ...wakes.counts,
    });
    expect(wakes.tally.otherwise).toEqual({});
    expect(wakes.wrong).toEqual([]);
    expect(wakes.twice).toBe(0);
    expect(wakes.warm).toBe(0);
    expect(wakes.longest).toBeLessThan(WITHIN);
    expect(failed).toBeGreaterThan(WAVE);
    expect(held).toBe(0);
    expect(each).toBeLessThan(before * WRITES);
    expect(grown).toBeLessThan(MEMORY);
    expect(left).toEqual(NOTHING_LEFT);
  } finally {
    await Promise.all(pools.map((pool) => pool[Symbol.asyncDispose]()));
  }
}, 1_200_000);

/** Writes for one cold start of the same pods without a pool, and its end. */
async function cold(gateway: Gateway): Promise<number> {
  await using template = await Pool.of(gateway, "cold-only", {
    base: "duckdb",
    change(job) {
      odd("answers 500")(job);
      const annotations = job.spec!.template.metadata!.annotations!;
      for (const name of [WARM, ASSIGN]) delete annotations[name];
    },
  });
  const known = () => template.create("cold").then((view) => view.delete().then(() => true), () => false);
  for (let times = 0; times < 10; times++) await until("the gateways know the template", known);
  await using wakes = await WarmWakes.of([template], 2 * WAVE);
  const writes = await apiWrites();
  while (wakes.more) await wakes.wave(WAVE);
  expect(wakes.tally.otherwise).toEqual({});
  const all = await apiWrites() - writes;
  await leftOverOf(wakes.views);
  return all / wakes.views.length;
}

async function sidecarMemory({ replicas }: Gateway): Promise<number> {
  const all = await Promise.all(replicas.map(({ pod }) => memoryOf(pod, "sidecar")));
  return Math.max(...all);
}

async function sum({ replicas }: Gateway, name: string, labels?: Readonly<Record<string, string>>): Promise<number> {
  const all = await Promise.all(replicas.map((replica) => replica.sidecar(name, labels)));
  return all.reduce((sum, count) => sum + count, 0);
}
