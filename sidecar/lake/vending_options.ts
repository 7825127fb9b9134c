import type { V1Secret } from "@kubernetes/client-node";
import type { Pause } from "../async/pause.ts";
import type { RawSecret, WrittenSecret } from "../kubernetes/write/secret_writes.ts";
import type { Cause } from "../view/state.ts";
import type { AssumeRole } from "./assume_role.ts";
import type { LakeSettings } from "./settings.ts";

/** What vending does in Kubernetes: see SecretWrites. */
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
  /** Labels that the configured selector asks for. */
  readonly required: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Monotonic, in milliseconds. */
  readonly clock: () => number;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly pause: Pause;
  /** Ends all that goes on. */
  readonly signal: AbortSignal;
  /** Told of each AssumeRole that came to an end; the cause where it brought nothing. */
  readonly onAssumed: (view: string, cause: Cause | undefined) => void;
  /** Told of an error that is the gateway's own fault. */
  readonly onFault: (view: string, error: unknown) => void;
  readonly timing?: Partial<VendingTiming>;
}

/** Milliseconds. */
export interface VendingTiming {
  /** All that one need may take. */
  readonly need: number;
  /** All that an AssumeRole may take, its tries and pauses included. */
  readonly assume: number;
  /** After which a claim that brought nothing is another's: longer than `assume` and the write after it. */
  readonly takeover: number;
  /** Between looks at a Secret that another one is at; at first a quarter of it. */
  readonly look: number;
  /** That whoever has set a finalizer gets to take it away, before it is said to keep a Secret. */
  readonly moment: number;
  /** What has failed is not tried again so soon. */
  readonly again: number;
  /** Life that credentials need to be worth giving out. */
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
