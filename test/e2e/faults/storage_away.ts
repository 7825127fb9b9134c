import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { core } from "../cluster/cluster.ts";
import { type Gateway, theGateway } from "../gateway/gateway.ts";
import { SALES } from "../gateway/lake.ts";
import { leftOverOf, NOTHING_LEFT } from "../outcome/left_over.ts";
import { printOutcome } from "../outcome/outcome_line.ts";
import { filterPackets } from "../node/packet_filter.ts";
import { repeatedly } from "../repeatedly.ts";
import { Tally } from "../outcome/tally.ts";
import { until } from "../until.ts";

const MINIO_PORT = 9000;
/** Milliseconds between two requests of one client. */
const PACE = 20;
/**
 * Milliseconds in which a view that needs credentials gets an answer that there are none. Connections that were open before are
 * silent in either case: each is given up after three seconds.
 */
const REFUSED_WITHIN: Readonly<Record<string, number>> = { refused: 6_000, silent: 12_000 };
/** Milliseconds in which such a view is awake, once there are credentials again: start included. */
const IN_STEP = 20_000;

for (const how of ["refused", "silent"] as const) {
  test(`STS and S3 are away for 60 s: connections are ${how}`, async () => {
    const gateway = await theGateway();
    const awake = await gateway.create("storage-awake", { subsets: SALES });
    const needs = await gateway.create("storage-needs", { subsets: SALES });
    const needsNot = await gateway.create("storage-needs-not");
    await awake.whoami();
    const warm = new Tally();
    const refused = new Tally();
    const client = repeatedly(() => warm.count(awake.ask()), PACE);
    let longest = 0;
    const filters = await away(gateway, how);
    try {
      const end = performance.now() + 60_000;
      // What needs no credentials wakes as ever.
      expect((await needsNot.whoami()).view).toBe(needsNot.name);
      while (performance.now() < end) {
        const began = performance.now();
        const answer = await refused.count(needs.ask());
        longest = Math.max(longest, performance.now() - began);
        expect(answer!.status, answer!.text).toBe(503);
        expect(answer!.json().detail).toMatch(/STS|credentials/);
        await pause(1_000);
      }
    } finally {
      for (const filter of filters) await filter[Symbol.asyncDispose]();
      await client[Symbol.asyncDispose]();
    }
    const began = performance.now();
    const good = async () => (await needs.ask()).status === 200;
    await until("the view has its credentials", good, { within: IN_STEP, every: 250 });
    const inStep = Math.round(performance.now() - began);
    const path = "/_lake/lake/sales/2026/orders-2026-01.parquet";
    expect((await awake.ask({ path, headers: { range: "bytes=0-3" } })).status).toBe(206);

    const left = await leftOverOf([awake, needs, needsNot]);
    printOutcome(`storage away, ${how}: awake views`, warm, left, { "ms until in step": inStep });
    printOutcome(`storage away, ${how}: refused`, refused, left, { "longest ms until refused": Math.round(longest) });
    expect(warm.otherwise).toEqual({});
    expect(longest).toBeLessThan(REFUSED_WITHIN[how]!);
    expect(left).toEqual(NOTHING_LEFT);
  });
}

/** Takes the storage away from all gateways. */
async function away({ namespace, replicas }: Gateway, how: "refused" | "silent"): Promise<readonly AsyncDisposable[]> {
  const filters: AsyncDisposable[] = [];
  for (const { pod } of replicas) {
    const { status } = await core.readNamespacedPod({ namespace, name: pod });
    filters.push(await filterPackets({ pod: status!.podIP!, port: MINIO_PORT }, how));
  }
  return filters;
}
