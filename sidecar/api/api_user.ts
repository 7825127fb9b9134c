import type { Context, Hono } from "hono";
import type { Audit } from "../access/audit_entry.ts";
import { ANONYMOUS, type Identity } from "../access/identity.ts";
import { type Authentication, TOKEN_COMMAND } from "../access/authenticator.ts";
import type { ApiOptions } from "./api_options.ts";
import { problem, problemResponse } from "../http/problem.ts";

/** The user who sends a request to the API. */
export type ApiUser = Extract<Authentication, { readonly kind: "known" }>;

interface WithUser {
  Variables: { readonly user: ApiUser };
}

/** A request to the API with its user. */
export type ApiContext = Context<WithUser>;

/** The API's routes. Each of them knows the user. */
export type Api = Hono<WithUser>;

/** The user of the request, or the answer to a request without one. */
export async function apiUserOf(
  { headers, signal }: Pick<Request, "headers" | "signal">,
  { authenticator, audit }: Pick<ApiOptions, "authenticator" | "audit">,
): Promise<ApiUser | Response> {
  const who = await authenticator.authenticate(headers, signal);
  switch (who.kind) {
    case "known":
      return who;
    case "nobody": {
      const detail =
        "Sign in at / first, or send Authorization: Bearer with a token for this gateway, such as that of " +
        `\`${TOKEN_COMMAND}\`.`;
      denied(audit, "sign-in");
      return unauthorized("sign-in", detail, "Bearer");
    }
    case "refused":
      denied(audit, "invalid-token");
      return unauthorized("invalid-token", who.detail, 'Bearer error="invalid_token"');
    case "unknown":
      return accessUnknown(who.detail);
  }
}

/** The answer where Kubernetes cannot say who the user is, or what they may do. */
export function accessUnknown(detail: string): Response {
  return problemResponse(problem(503, "access-unknown", detail), 2);
}

/** The owner of what this user creates. With AUTHENTICATION=none nobody owns it. */
export function ownerFor({ user }: Identity): string | undefined {
  return user === ANONYMOUS.user || user === "" || !user.isWellFormed() ? undefined : user;
}

function denied(audit: Audit, reason: string): void {
  audit({ action: "denied", user: ANONYMOUS.user, reason });
}

/** https://www.rfc-editor.org/rfc/rfc6750#section-3 */
function unauthorized(kind: string, detail: string, challenge: string): Response {
  const response = problemResponse(problem(401, kind, detail));
  response.headers.set("www-authenticate", challenge);
  return response;
}
