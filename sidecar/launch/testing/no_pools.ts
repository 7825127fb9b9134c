import type { Pools } from "../../pool/pools.ts";

/** Where no template has a pool. */
export const NO_POOLS: Pools = {
  take: () => undefined,
  giveBack: () => {},
  lost: () => {},
  failed: () => {},
  worked: () => {},
};
