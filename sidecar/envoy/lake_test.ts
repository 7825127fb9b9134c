import { deepEqual } from "node:assert/strict";
import { lakeRoutes } from "./lake.ts";
import type { EnvoySettings } from "./settings.ts";

Deno.test("each request of the lake ends if it is silent for too long, also while Envoy waits for its end", () => {
  const lake = { endpoint: "http://s3:9000", caFile: "/ca.crt" };
  const routes = lakeRoutes({ holdSeconds: 120, gateToken: "token", lake } as EnvoySettings & { lake: typeof lake });
  // A request that has to be signed waits for HOLD_SECONDS, and for the sidecar before and after.
  deepEqual(routes.map(({ route }) => route?.idleTimeout?.seconds), [300, 190]);
});
