import { equal } from "node:assert/strict";
import { hasReadyPod } from "./until_warm.ts";

const pod = (pool: string, Ready: string) => ({
  metadata: { labels: { "view.yolean.se/pool": pool } },
  status: { conditions: [{ type: "Ready", status: Ready }] },
});

Deno.test("a template is warm when a pod of its pool is ready", () => {
  const isWarm = (...items: ReturnType<typeof pod>[]) => hasReadyPod({ items }, "default-warm");
  equal(isWarm(), false);
  equal(isWarm(pod("default-warm-3f2a91c0b7", "False")), false);
  equal(isWarm(pod("duckdb-warm-3f2a91c0b7", "True"), pod("very-default-warm-3f2a91c0b7", "True")), false);
  equal(isWarm(pod("default-warm-3f2a91c0b7", "False"), pod("default-warm-3f2a91c0b7", "True")), true);
});
