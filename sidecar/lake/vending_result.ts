import type { Cause } from "../view/state.ts";
import type { Refusal } from "../view/write_outcomes.ts";
import type { SessionCredentials } from "./session_credentials.ts";

/**
 * The result of vending credentials. `failed`: a retry alone will not help soon. `unavailable`: Kubernetes does not answer
 * now. `fault`: the gateway's own fault, which `onFault` has got.
 */
export type VendingResult =
  | { readonly kind: "ready"; readonly credentials: SessionCredentials }
  | { readonly kind: "failed"; readonly cause: Cause }
  | { readonly kind: "unavailable"; readonly message: string }
  | { readonly kind: "fault" };

/** What vending waits for. */
export interface VendingProgress {
  /** The end of a sentence. */
  waitsFor: string;
}

/** The result after Kubernetes has refused a call. */
export function resultOf(refusal: Refusal): VendingResult {
  return refusal.kind === "refused" ? { kind: "failed", cause: refusal.cause } : refusal;
}

export function credentialsTimeout(seconds: number, { waitsFor }: VendingProgress): Cause {
  return {
    reason: "CredentialsTimeout",
    message: `There were no credentials for the lake after ${seconds} s. The gateway still waited for ${waitsFor}.`,
  };
}
