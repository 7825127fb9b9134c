import type { Cause } from "../view/state.ts";
import type { Refusal } from "../view/write_outcomes.ts";
import type { SessionCredentials } from "./session_credentials.ts";

/**
 * `failed`: asking again soon will not help by itself. `unavailable`: Kubernetes cannot be asked now. `fault`: of the
 * gateway's own; `onFault` has been told.
 */
export type VendingResult =
  | { readonly kind: "ready"; readonly credentials: SessionCredentials }
  | { readonly kind: "failed"; readonly cause: Cause }
  | { readonly kind: "unavailable"; readonly message: string }
  | { readonly kind: "fault" };

/** How far a need has come. */
export interface VendingProgress {
  /** What it has not been given yet, as the end of a sentence. */
  waitsFor: string;
}

/** What a call to Kubernetes that brought nothing means for credentials. */
export function resultOf(refusal: Refusal): VendingResult {
  return refusal.kind === "refused" ? { kind: "failed", cause: refusal.cause } : refusal;
}

export function credentialsTimeout(seconds: number, { waitsFor }: VendingProgress): Cause {
  return {
    reason: "CredentialsTimeout",
    message: `There were no credentials for the lake after ${seconds} s; they still waited for ${waitsFor}.`,
  };
}
