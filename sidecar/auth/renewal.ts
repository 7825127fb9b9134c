import { type Session, SESSION_RENEWAL } from "../access/sessions.ts";
import type { BaseSession, CookieSessions } from "../session/cookie_sessions.ts";
import type { IdentityProvider, SignInError } from "../oidc/identity_provider.ts";

/** Seconds after which a navigation tries again to confirm a session that nobody could confirm. */
const AGAIN = 300;

export type Renewed =
  | { readonly kind: "confirmed"; readonly session: Session }
  /** Nobody can say now: the person stays in, up to the hard limit. */
  | { readonly kind: "postponed"; readonly session: Session }
  /** The person has to sign in again. */
  | { readonly kind: "over" }
  /** The browser has to go to the issuer, which confirms it. */
  | { readonly kind: "at issuer"; readonly provider: IdentityProvider };

/** Whether a session that has to be confirmed goes on. */
export async function renewalOf(
  found: BaseSession,
  sessions: CookieSessions,
  provider: IdentityProvider | undefined,
): Promise<Renewed> {
  if (found.session.by === "oidc") return provider === undefined ? { kind: "over" } : { kind: "at issuer", provider };
  const confirmed = await sessions.confirmed(found);
  if (confirmed === undefined) return { kind: "over" };
  return confirmed === "unknown" ? postponed(found.session, sessions.now) : { kind: "confirmed", session: confirmed };
}

/** A session that nobody can confirm now. */
export function postponed(session: Session, now: number): Renewed & { readonly kind: "postponed" } {
  return { kind: "postponed", session: { ...session, checkedAt: now - SESSION_RENEWAL + AGAIN } };
}

/** Whether the failure says nothing of the person: the issuer is away, or does not know the gateway. */
export function isIssuersFault({ kind }: SignInError): boolean {
  return kind === "issuer-unavailable" || kind === "client-refused";
}
