import type { LakeDelivery } from "../lake.ts";

/** Where no pod gets renewed credentials. */
export const NO_DELIVERY: LakeDelivery = {
  assign: () => Promise.resolve(undefined),
  annotate: () => Promise.resolve({ kind: "lost" }),
  onDelivered: () => {},
  onFailure: () => {},
};
