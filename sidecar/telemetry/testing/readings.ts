import type { Readings } from "../readings.ts";

/** What a gateway reads at which nothing happens. */
export const QUIET_READINGS: Readings = {
  ready: () => true,
  held: () => 0,
  heldBytes: () => 0,
  openPages: () => 0,
  watchAges: () => ({}),
  pools: () => [],
  unusable: () => ({ templates: 0, grants: 0, "session keys": 0 }),
  refused: () => [],
  certificate: undefined,
};
