import type { TokenReviewed, Unreviewed } from "../kubernetes/review/reviews.ts";
import { TOKEN_AUDIENCE } from "./authenticator.ts";
import type { Identity } from "./identity.ts";
import type { ReviewCache } from "./review_cache.ts";
import { identityForHeaders } from "./identity_for_headers.ts";
import { bearerTokenIn, claimsOf, isForGateway } from "./token_claims.ts";

/** What a request's Authorization header says. */
export type Bearer =
  | { readonly kind: "known"; readonly identity: Identity; readonly until: number | undefined }
  /** There is none, or it is not for the gateway: a view may have tokens of its own. */
  | { readonly kind: "none" | "foreign" }
  | { readonly kind: "refused"; readonly detail: string }
  | { readonly kind: "unknown"; readonly detail: string };

export interface BearerTokensOptions {
  readonly review: (token: string, audience: string, signal: AbortSignal) => Promise<TokenReviewed | Unreviewed>;
  readonly cache: ReviewCache<TokenReviewed>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Asks Kubernetes for the user of a request's token. */
export class BearerTokens {
  readonly #options: BearerTokensOptions;

  constructor(options: BearerTokensOptions) {
    this.#options = options;
  }

  /**
   * Only a token that says itself that it is for the gateway is shown to Kubernetes, which then checks that.
   * @throws the signal's reason
   */
  async read(authorization: string | null, signal: AbortSignal): Promise<Bearer> {
    const { review, cache, now } = this.#options;
    const token = bearerTokenIn(authorization);
    if (token === undefined || !isForGateway(authorization)) {
      return { kind: authorization === null ? "none" : "foreign" };
    }
    const until = claimsOf(token)?.until;
    if (until !== undefined && until * 1000 <= now()) return { kind: "refused", detail: "The token has expired." };
    const answer = await cache.get([token], (signal) => review(token, TOKEN_AUDIENCE, signal), signal);
    switch (answer.kind) {
      case "authenticated":
        return knownOf(answer, until);
      case "refused":
        return { kind: "refused", detail: `Kubernetes does not accept the token: ${answer.message}` };
      case "unknown":
        return { kind: "unknown", detail: answer.detail };
    }
  }
}

/** A view gets the groups in one text with commas: a group with a comma, of whatever authenticator, would be two there. */
function knownOf(
  { user, groups }: TokenReviewed & { readonly kind: "authenticated" },
  until: number | undefined,
): Bearer {
  const identity = identityForHeaders({ user, groups });
  return identity === undefined
    ? { kind: "refused", detail: "The token's user cannot be used: its name is too long, or has control characters." }
    : { kind: "known", identity, until };
}
