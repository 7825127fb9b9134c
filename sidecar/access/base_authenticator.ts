import { type Authentication, type Authenticator, FOREIGN_TOKEN } from "./authenticator.ts";
import type { BearerTokens } from "./bearer_tokens.ts";
import { SessionKeysError, type Sessions } from "./sessions.ts";

export interface BaseAuthenticatorOptions {
  readonly tokens: Pick<BearerTokens, "read">;
  readonly sessions: Pick<Sessions, "base">;
}

/** Finds the user of a request to the base host. A token counts before a cookie: a program that sends one wants its user. */
export class BaseAuthenticator implements Authenticator {
  readonly #options: BaseAuthenticatorOptions;

  constructor(options: BaseAuthenticatorOptions) {
    this.#options = options;
  }

  async authenticate(headers: Pick<Headers, "get">, signal: AbortSignal): Promise<Authentication> {
    const { tokens, sessions } = this.#options;
    const bearer = await tokens.read(headers.get("authorization"), signal);
    if (bearer.kind === "known") {
      return { kind: "known", identity: bearer.identity, by: "token", until: bearer.until };
    }
    if (bearer.kind === "refused" || bearer.kind === "unknown") return bearer;
    try {
      const cookie = headers.get("cookie");
      // A request without a cookie has no session, also while there are no keys.
      const session = cookie === null ? undefined : await sessions.base(cookie);
      if (session !== undefined) return { kind: "known", identity: session.identity, by: "session" };
      return bearer.kind === "none" ? { kind: "nobody" } : { kind: "refused", detail: FOREIGN_TOKEN };
    } catch (error) {
      if (!(error instanceof SessionKeysError)) throw error;
      return { kind: "unknown", detail: error.message };
    }
  }
}
