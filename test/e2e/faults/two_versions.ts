import type { V1Job } from "@kubernetes/client-node";
import { afterEach, expect, test } from "vitest";
import { batch } from "../cluster/cluster.ts";
import { environment } from "../environment.ts";
import { deployBeside, removeBeside, scaleGateway, setVariables } from "../gateway/deployment_beside.ts";
import { theGateway } from "../gateway/gateway.ts";
import { Pool } from "../gateway/pool.ts";
import { leftOverOf, NOTHING_LEFT } from "../outcome/left_over.ts";
import { printOutcome } from "../outcome/outcome_line.ts";
import { WarmWakes } from "../outcome/warm_wakes.ts";
import { until } from "../until.ts";

const NEXT = "view-gateway-next";
/** What it calls the lake's region. */
const REGION = "eu-west-3";
const POOL = 5;
const WAVES = 5;
/** Seconds that the pool of a version has left that is gone. */
const LEASE = 20;

afterEach(async () => {
  const { namespace } = environment();
  await removeBeside(namespace, NEXT);
  await scaleGateway(namespace, 3);
});

test("two versions of the gateway, which make other pods of the same template, share the views", async () => {
  const { namespace } = await theGateway();
  // It gives pods another variable, as another version may.
  await deployBeside(namespace, NEXT, (pod) => setVariables(pod, { AWS_REGION: REGION }));
  await scaleGateway(namespace, 2);
  const gateway = await theGateway();
  expect(gateway.replicas.length).toBe(3);
  await using pool = await Pool.of(gateway, "warm-versions", { size: POOL });
  const full = async () => (await pool.jobs()).length === 2 && (await pool.pods()).length === 2 * POOL;
  await using wakes = await WarmWakes.of([pool], WAVES * POOL);
  while (wakes.more) {
    await until("both versions have a full pool", full, { within: 60_000, every: 250 });
    await wakes.wave(POOL);
  }
  await until("both versions have a full pool", full, { within: 60_000, every: 250 });

  // When one version is gone, then its pool ends by its lease, and nobody makes it anew.
  const next = (await pool.jobs()).find(isNext)!;
  await removeBeside(namespace, NEXT);
  await endSoon(next);
  await until("its pool has ended", async () => !(await pool.jobs()).some(isNext), { within: 2 * LEASE * 1_000 });
  await scaleGateway(namespace, 3);

  const left = await leftOverOf(wakes.views);
  const nextName = next.metadata!.name!;
  const { [nextName]: byNext = 0 } = wakes.claimed;
  printOutcome("two versions", wakes.tally, left, { ...wakes.counts, "claimed from the other pool": byNext });
  expect(wakes.tally.otherwise).toEqual({});
  expect(wakes.wrong).toEqual([]);
  expect(wakes.twice).toBe(0);
  // From each pool, and from no third one.
  expect(Object.keys(wakes.claimed).length).toBe(2);
  expect(byNext).toBeGreaterThan(0);
  expect((await pool.jobs()).filter(isNext)).toEqual([]);
  expect(left).toEqual(NOTHING_LEFT);
}, 400_000);

/** Whether the other version made the Job. */
function isNext({ spec }: V1Job): boolean {
  return spec!.template.spec!.containers[0]!.env!.some(({ value }) => value === REGION);
}

/** Shortens the lease of a pool to some seconds from now. */
async function endSoon({ metadata, status }: V1Job): Promise<void> {
  const { namespace, name } = metadata!;
  const value = Math.ceil((Date.now() - status!.startTime!.getTime()) / 1_000) + LEASE;
  const body = [{ op: "replace", path: "/spec/activeDeadlineSeconds", value }];
  await batch.patchNamespacedJob({ namespace: namespace!, name: name!, body });
}
