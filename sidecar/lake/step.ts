import { blockingFinalizers } from "../view/deletion.ts";
import type { Cause } from "../view/state.ts";
import type { StandingSecret } from "./secret.ts";
import type { SessionCredentials } from "./session_credentials.ts";

/** The credentials that a view needs, and what has been seen so far. */
export interface CredentialsNeed {
  readonly name: string;
  /** UID of the view's Service. */
  readonly uid: string;
  /** The hash that the credentials must have been made for. */
  readonly madeFor: string;
  /** Whether credentials are valid for long enough. */
  readonly enough: (credentials: SessionCredentials) => boolean;
  /** The claim that this has waited for, and whether it has waited long enough to take the claim over. */
  readonly waited: { readonly claim: string; readonly enough: boolean } | undefined;
}

export type VendingStep =
  | { readonly kind: "use"; readonly credentials: SessionCredentials }
  /** There is no Secret: the replica that creates it makes the credentials. */
  | { readonly kind: "create" }
  /** No replica has claimed the Secret: the one that changes this version of it makes the credentials. */
  | { readonly kind: "claim"; readonly secret: StandingSecret }
  /** The Secret belongs to a former view of the same name. */
  | { readonly kind: "delete"; readonly uid: string }
  /** Another replica, or another task of this one, makes credentials. */
  | { readonly kind: "wait"; readonly claim: string }
  /** The Secret is being deleted. The finalizers in `heldBy` may keep it forever. */
  | { readonly kind: "leaving"; readonly heldBy: readonly string[] }
  | { readonly kind: "fail"; readonly cause: Cause };

/**
 * The next step towards a view's credentials. The Secret is the lock: one replica creates it, or changes a version of it,
 * and makes the credentials. The others wait for the result.
 */
export function stepOf(secret: StandingSecret | undefined, need: CredentialsNeed): VendingStep {
  if (secret === undefined) return { kind: "create" };
  if (secret.owner?.name !== need.name) return { kind: "fail", cause: foreign(need.name) };
  if (secret.metadata.deletionTimestamp !== undefined) {
    return { kind: "leaving", heldBy: blockingFinalizers(secret.metadata.finalizers) };
  }
  if (secret.owner.uid !== need.uid) return { kind: "delete", uid: secret.metadata.uid };
  const { credentials, madeFor, claim, failure } = secret;
  if (credentials !== undefined && madeFor === need.madeFor && need.enough(credentials)) {
    return { kind: "use", credentials };
  }
  if (claim !== undefined) {
    const dead = need.waited?.claim === claim && need.waited.enough;
    return dead ? { kind: "claim", secret } : { kind: "wait", claim };
  }
  // Where this has waited for a claim that failed, it does not try again for the same need.
  if (failure !== undefined && failure.claim === need.waited?.claim) return { kind: "fail", cause: failure.cause };
  return { kind: "claim", secret };
}

function foreign(name: string): Cause {
  return {
    reason: "SecretNameTaken",
    message: `a Secret named ${name} exists that belongs to no view; delete it, or give the view another name.`,
  };
}
