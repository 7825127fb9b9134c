import type { LeaseBounds } from "../lease.ts";

/** The gateway's defaults, except for a lifetime of a week. */
export const leaseBounds: LeaseBounds = {
  idleSeconds: 900,
  minIdleSeconds: 10,
  maxIdleSeconds: 86_400,
  maxLifetimeSeconds: 604_800,
};
