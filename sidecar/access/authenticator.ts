import { ANONYMOUS, type Identity } from "./identity.ts";

/** The user of a request to the base host. */
export type Authentication =
  /** `until`: when the token ends, in seconds since the epoch; undefined where it names no end, and for a session. */
  | {
    readonly kind: "known";
    readonly identity: Identity;
    readonly by: "token" | "session";
    readonly until?: number | undefined;
  }
  /** The request has neither token nor session. With AUTHENTICATION=none every request is known as ANONYMOUS. */
  | { readonly kind: "nobody" }
  /** 401: the token is not good. `detail` says why, and never shows the token. */
  | { readonly kind: "refused"; readonly detail: string }
  /** 503: the API server cannot say now. */
  | { readonly kind: "unknown"; readonly detail: string };

export interface Authenticator {
  /**
   * By `Authorization: Bearer`, else by the cookie of the base host's session.
   * @throws the signal's reason
   */
  authenticate(headers: Pick<Headers, "get">, signal: AbortSignal): Promise<Authentication>;
}

/** The audience of the tokens that the gateway accepts. The API server takes none of them for itself. */
export const TOKEN_AUDIENCE = "view-gateway";

/** How a user gets a token for the gateway. */
export const TOKEN_COMMAND = `kubectl create token NAME --namespace=NAMESPACE --audience=${TOKEN_AUDIENCE}`;

/** What is wrong with a token that is not for the gateway. */
export const FOREIGN_TOKEN = `The token is not for the audience ${TOKEN_AUDIENCE}. Create one: \`${TOKEN_COMMAND}\`.`;

/** With AUTHENTICATION=none no request needs a proof. */
export const EVERYBODY: Authenticator = {
  authenticate: () => Promise.resolve({ kind: "known", identity: ANONYMOUS, by: "token" }),
};
