import { blockingFinalizers } from "../view/deletion.ts";
import type { Cause } from "../view/state.ts";
import type { StandingSecret } from "./secret.ts";
import type { SessionCredentials } from "./session_credentials.ts";

/** What a view needs credentials for, and what has been seen on the way to them. */
export interface CredentialsNeed {
  readonly name: string;
  /** UID of the view's Service. */
  readonly uid: string;
  /** What credentials must have been made for. */
  readonly madeFor: string;
  /** Whether credentials will do. */
  readonly enough: (credentials: SessionCredentials) => boolean;
  /** The claim that has been waited for, and whether that was for long enough to give its holder up. */
  readonly waited: { readonly claim: string; readonly enough: boolean } | undefined;
}

export type VendingStep =
  | { readonly kind: "use"; readonly credentials: SessionCredentials }
  /** There is no Secret: whoever creates it makes the credentials. */
  | { readonly kind: "create" }
  /** It is nobody's: whoever changes this version of it makes the credentials. */
  | { readonly kind: "claim"; readonly secret: StandingSecret }
  /** It is a former view's of the same name. */
  | { readonly kind: "delete"; readonly uid: string }
  /** Somebody makes credentials. */
  | { readonly kind: "wait"; readonly claim: string }
  /** The Secret is on its way out; `heldBy` are the finalizers that may keep it for ever. */
  | { readonly kind: "leaving"; readonly heldBy: readonly string[] }
  | { readonly kind: "fail"; readonly cause: Cause };

/**
 * The next step towards a view's credentials. Its Secret is the lock: of all replicas one creates it, or changes a
 * version of it, and that one makes the credentials while the others wait for what comes of it.
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
  // What one has waited for and has failed is not tried again for the same need.
  if (failure !== undefined && failure.claim === need.waited?.claim) return { kind: "fail", cause: failure.cause };
  return { kind: "claim", secret };
}

function foreign(name: string): Cause {
  return {
    reason: "SecretNameTaken",
    message: `a Secret named ${name} exists that belongs to no view; delete it, or give the view another name.`,
  };
}
