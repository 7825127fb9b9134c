import type { SessionKeysError } from "../access/sessions.ts";
import { problem, problemResponse } from "../http/problem.ts";
import type { SignInError } from "../oidc/identity_provider.ts";

/** Seconds until another try may succeed. */
const AGAIN = 5;

/** The answer to a sign-in that has failed. */
export function signInProblem({ status, kind, message }: SignInError): Response {
  return problemResponse(problem(status, `sign-in-${kind}`, message), status === 503 ? AGAIN : undefined);
}

/** The answer while there are no keys. */
export function sessionsUnavailable({ message }: SessionKeysError): Response {
  return problemResponse(problem(503, "sessions-unavailable", `Nobody can sign in at the moment: ${message}`), AGAIN);
}
