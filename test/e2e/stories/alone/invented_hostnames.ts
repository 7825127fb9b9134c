import { expect, test } from "vitest";
import { theGateway, uniqueName } from "../../gateway/gateway.ts";
import { ask } from "../../client/http.ts";
import type { Replica } from "../../gateway/replica.ts";
import { until } from "../../until.ts";

const REQUESTS = 10_000;
const AT_ONCE = 200;

/** After this many requests, all connections and buffers for the concurrent requests exist. */
const WARM_UP = 3_000;

/**
 * Bytes by which two looks at an Envoy under this load may differ, whatever it was asked: up to 13 MB on a busy machine. So
 * several rounds are measured: what Envoy keeps of each name, it keeps in every round. This is 500 bytes for each name;
 * 10,000 clusters take 280 MB.
 */
const NOISE = 5_000_000;
const ROUNDS = 4;

test("10,000 requests with invented hostnames leave Envoy as it was", {
  timeout: 300_000,
}, async () => {
  const gateway = await theGateway();
  const replica = gateway.replicas[0]!;
  const origin = await replica.public();
  const invent = async (count: number) => {
    const story = uniqueName("invented");
    let next = 0;
    const statuses = new Map<number, number>();
    await Promise.all(Array.from({ length: AT_ONCE }, async () => {
      while (next < count) {
        const { status } = await ask(
          origin,
          gateway.hostOf(`${story}-${next++}`),
        );
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    }));
    return statuses;
  };
  // Given an Envoy that has its buffers and connections for as many requests at once.
  await invent(WARM_UP);
  let before = await stateOf(replica);
  let least = Infinity;
  for (let round = 0; round < ROUNDS && least >= NOISE; round++) {
    // When names are asked that no view has …
    const statuses = await invent(REQUESTS);

    // … then each is asked who it is, and Envoy has no other clusters and no more memory than before.
    expect([...statuses]).toEqual([[401, REQUESTS]]);
    const after = await stateOf(replica);
    expect(after.clusters).toBeLessThanOrEqual(before.clusters);
    expect(after.added).toBe(before.added);
    least = Math.min(least, after.memory - before.memory);
    before = after;
  }
  expect(least).toBeLessThan(NOISE);
});

/** Envoy counts its memory every few seconds, together with the seconds for which it has run. */
async function stateOf(replica: Replica) {
  const uptime = () => replica.envoy("envoy_server_uptime");
  const counted = await uptime();
  await until("Envoy has counted its memory", async () => await uptime() > counted, { within: 20_000 });
  const [clusters, added, memory] = await Promise.all([
    replica.envoy("envoy_cluster_manager_active_clusters"),
    replica.envoy("envoy_cluster_manager_cluster_added"),
    replica.envoy("envoy_server_memory_allocated"),
  ]);
  return { clusters, added, memory };
}
