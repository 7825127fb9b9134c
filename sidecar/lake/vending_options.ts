import type { V1Secret } from "@kubernetes/client-node";
import type { Pause } from "../async/pause.ts";
import type { RawSecret, WrittenSecret } from "../kubernetes/write/secret_writes.ts";
import type { Cause } from "../view/state.ts";
import type { AssumeRole } from "./assume_role.ts";
import type { LakeSettings } from "./settings.ts";

/** The calls of vending to Kubernetes: see SecretWrites. */
export interface Secrets {
  get(name: string, signal: AbortSignal): Promise<RawSecret | undefined>;
  create(secret: V1Secret, signal: AbortSignal): Promise<WrittenSecret>;
  replace(secret: V1Secret, at: RawSecret["metadata"], signal: AbortSignal): Promise<WrittenSecret>;
  delete(name: string, uid: string, signal: AbortSignal): Promise<void>;
}

export interface VendingOptions {
  readonly secrets: Secrets;
  readonly assumeRole: AssumeRole;
  readonly settings: LakeSettings;
  /** Labels that the configured selector requires. */
  readonly required: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Monotonic, in milliseconds. */
  readonly clock: () => number;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly pause: Pause;
  /** Ends everything that runs. */
  readonly signal: AbortSignal;
  /** Called at the end of each AssumeRole, with the cause where it failed. */
  readonly onAssumed: (view: string, cause: Cause | undefined) => void;
  /** Called with an error that is the gateway's own fault. */
  readonly onFault: (view: string, error: unknown) => void;
  readonly timing?: Partial<VendingTiming>;
}

/** Milliseconds. */
export interface VendingTiming {
  /** For one request for credentials, with everything in it. */
  readonly need: number;
  /** For an AssumeRole, with its tries and pauses. */
  readonly assume: number;
  /** After which another replica may take over a claim: longer than `assume` and the write after it. */
  readonly takeover: number;
  /** Between reads of a Secret that another replica has claimed. The first pause is a quarter of it. */
  readonly look: number;
  /** For finalizers to be removed, before the gateway reports that they keep a Secret. */
  readonly moment: number;
  /** For which a failure is answered without another try. */
  readonly again: number;
  /** Remaining life of credentials that are good enough to use. */
  readonly margin: number;
}

export const TIMING: VendingTiming = {
  need: 25_000,
  assume: 8_000,
  takeover: 15_000,
  look: 200,
  moment: 1_000,
  again: 1_000,
  margin: 60_000,
};
