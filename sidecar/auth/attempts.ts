import { createHash } from "node:crypto";
import { ATTEMPT_COOKIE, cookieNames, cookiesNamed, hostCookie, removedCookie } from "../session/cookie_header.ts";
import type { CookieSessions } from "../session/cookie_sessions.ts";
import type { BegunSignIn } from "../oidc/identity_provider.ts";
import type { SignInGoal } from "./goal.ts";

/** Seconds that a person may spend at the issuer's page. */
const ATTEMPT_SECONDS = 900;

/** Attempts of one browser at a time, each of them in a tab; requests have no room for more cookies. */
const MOST = 8;

/** An attempt to sign in at the issuer, as its cookie has it. */
export interface BegunAttempt {
  /** What the provider needs to end it. */
  readonly attempt: string;
  readonly state: string;
  readonly goal: SignInGoal;
  /** Whether it only confirms a session. */
  readonly silent: boolean;
}

/** The attempts of a browser to sign in, each in a cookie of its own, which the state of its callback names. */
export class Attempts {
  readonly #sessions: Pick<CookieSessions, "seal" | "unseal">;

  constructor(sessions: Pick<CookieSessions, "seal" | "unseal">) {
    this.#sessions = sessions;
  }

  /** The Set-Cookie values for a new attempt; where a browser has too many, the oldest go. */
  async begin(
    { attempt, state }: BegunSignIn,
    more: Pick<BegunAttempt, "goal" | "silent">,
    cookie: string | null,
  ): Promise<readonly string[]> {
    const content: BegunAttempt = { ...more, attempt, state };
    const sealed = await this.#sessions.seal("sign-in", content, ATTEMPT_SECONDS);
    // Browsers send older ones first: https://www.rfc-editor.org/rfc/rfc6265#section-5.4
    const surplus = cookieNames(cookie, ATTEMPT_COOKIE).slice(0, 1 - MOST);
    return [...surplus.map(removedCookie), hostCookie(cookieName(state), sealed, ATTEMPT_SECONDS)];
  }

  /** The attempt that this browser began with this state, and the Set-Cookie value that ends it. */
  async end(
    state: string,
    cookie: string | null,
  ): Promise<{ readonly attempt?: BegunAttempt; readonly removal: string }> {
    const name = cookieName(state);
    for (const value of cookiesNamed(cookie, name)) {
      const attempt = await this.#sessions.unseal("sign-in", value) as BegunAttempt | undefined;
      if (attempt?.state === state) return { attempt, removal: removedCookie(name) };
    }
    return { removal: removedCookie(name) };
  }
}

function cookieName(state: string): string {
  return ATTEMPT_COOKIE + createHash("sha256").update(state).digest("base64url").slice(0, 16);
}
