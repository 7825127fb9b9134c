import type { Context } from "hono";
import type { Audit } from "../access/audit_entry.ts";
import type { Authentication } from "../access/authenticator.ts";
import type { CookieSessions } from "../session/cookie_sessions.ts";
import type { SignOutOutcome } from "../session/key_keeper.ts";
import type { IdentityProvider } from "../oidc/identity_provider.ts";
import type { Contact } from "../page/contact.ts";
import type { Attempts } from "./attempts.ts";
import type { HandOver } from "./hand_over.ts";
import type { Hosts } from "./hosts.ts";

export interface AuthOptions {
  readonly sessions: CookieSessions;
  readonly handOver: HandOver;
  readonly attempts: Attempts;
  /** Ends all of a user's sessions. @param began when the session that asks for it began */
  readonly signOut: (user: string, began: number) => Promise<SignOutOutcome>;
  /** The user of a token. */
  readonly confirm: (token: string, signal: AbortSignal) => Promise<Authentication>;
  /** Undefined where nobody signs in at an issuer. */
  readonly provider: IdentityProvider | undefined;
  /** Whether there is a view of this name; undefined where the views are not known in time. */
  readonly isView: (name: string, signal: AbortSignal) => Promise<boolean | undefined>;
  readonly baseHost: string;
  readonly audit: Audit;
  /** Whom people ask who cannot sign in. */
  readonly contact?: Contact | undefined;
  /** Milliseconds for a form with a token, until it is answered. */
  readonly formLimit?: number;
}

/** What the routes know of each request. */
export interface AuthVariables {
  readonly Variables: { readonly hosts: Hosts };
}

/** A request to one of the routes. */
export type AuthContext = Context<AuthVariables>;
