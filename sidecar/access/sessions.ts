import type { Identity } from "./identity.ts";

/** A user who has signed in. All times are whole seconds since the epoch. */
export interface Session {
  readonly identity: Identity;
  /** When the user signed in here. A sign-out ends all sessions of the user that began before it. */
  readonly authTime: number;
  /**
   * When the issuer or TokenReview last confirmed it. The next navigation after SESSION_RENEWAL has it confirmed again.
   * Where the issuer is away, this is moved on: the person stays in, and another navigation tries again soon.
   */
  readonly checkedAt: number;
  /** The hard limit: nothing makes the session longer. */
  readonly until: number;
  readonly by: "oidc" | "token";
}

/** Seconds after which a navigation has the session confirmed again at the base host. */
export const SESSION_RENEWAL = 3_600;

/** Seconds for which Envoy lets requests pass by a view's cookie, before the gate asks for the rights again. */
export const VIEW_COOKIE_SECONDS = 600;

/** The session in a view's cookie. */
export interface ViewSession {
  readonly session: Session;
  /** Whether Envoy takes the cookie; otherwise the rights have to be asked again, and the cookie renewed. */
  readonly fresh: boolean;
  /** When Envoy stops taking the cookie: until then the rights were known. */
  readonly freshUntil: number;
}

/** The gateway has no session keys, or nobody can confirm the session now. The answer is 503, with the message. */
export class SessionKeysError extends Error {
  override readonly name = "SessionKeysError";
}

/**
 * Sessions, which live in cookies alone. Each of several cookies of one name is tried. Undefined: there is no good cookie,
 * its session is over, or the person has signed out.
 *
 * Methods reject with a SessionKeysError if there are no keys, and never because of what is in a cookie.
 */
export interface Sessions {
  /** The session of the base host, from the Cookie header. */
  base(cookie: string | null): Promise<Session | undefined>;
  /** The session of a view's host, from the Cookie header. */
  view(cookie: string | null, view: string): Promise<ViewSession | undefined>;
  /** A Set-Cookie value for a view's host. Envoy accepts the cookie at once, so ask for the rights before. */
  viewCookie(session: Session, view: string): Promise<string>;
  /** A Set-Cookie value for the base host. */
  baseCookie(session: Session): Promise<string>;
  /** The public keys that verify views' cookies, as a JSON Web Key Set; undefined while they are unknown. */
  jwks(): string | undefined;
  /** Calls back whenever the keys have changed. Returns what ends it. */
  onKeys(listener: () => void): () => void;
}

/**
 * The answer to a navigation without a session: it sends the browser to the sign-in, and back to where it was.
 * @param view undefined at the base host
 */
export type SignIn = (request: Request, view: string | undefined) => Promise<Response>;
