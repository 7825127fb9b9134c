import type { FormLimits } from "../form_limits.ts";

/** The limits of a gateway with a lake and without public views. */
export const DEFAULT_LIMITS: FormLimits = {
  times: { idleSeconds: 900, minIdleSeconds: 30, maxIdleSeconds: 7_200, maxLifetimeSeconds: 86_400 },
  hasLake: true,
  publicViews: false,
};
