import { deepEqual } from "node:assert/strict";
import { lakeRoutes } from "./lake.ts";
import type { EnvoySettings } from "./settings.ts";

Deno.test("each request of the lake ends if it is silent for too long, also while Envoy waits for its end", () => {
  const lake = { endpoint: "http://s3:9000", caFile: "/ca.crt" };
  const limits = (holdSeconds: number) =>
    lakeRoutes({ holdSeconds, gateToken: "token", lake } as EnvoySettings & { lake: typeof lake })
      .map(({ route }) => route?.idleTimeout?.seconds);
  deepEqual(limits(120), [300, 300]);
  // A request that has to be signed may wait for HOLD_SECONDS, and for the sidecar before and after.
  deepEqual(limits(600), [300, 670]);
});
