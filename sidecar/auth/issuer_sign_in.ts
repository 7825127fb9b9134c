import { problem, problemResponse } from "../http/problem.ts";
import { BASE_COOKIE, removedCookie } from "../session/cookie_header.ts";
import type { BaseSession } from "../session/cookie_sessions.ts";
import { identityForHeaders } from "../access/identity_for_headers.ts";
import { SignInError } from "../oidc/identity_provider.ts";
import type { BegunAttempt } from "./attempts.ts";
import type { AuthContext, AuthOptions } from "./auth_options.ts";
import { callbackUrl, goalIn, goOn, toSignIn } from "./open_goal.ts";
import { isIssuersFault, postponed } from "./renewal.ts";
import { seeOther, withCookies } from "./see_other.ts";
import { signInProblem } from "./sign_in_problem.ts";

/** Sends a person to the issuer. */
export async function beginAtIssuer(c: AuthContext, { provider, attempts }: AuthOptions): Promise<Response> {
  const goal = goalIn(new URL(c.req.url).searchParams);
  if (goal instanceof Response) return goal;
  if (provider === undefined) return noIssuer(c);
  const begun = await provider.begin(callbackUrl(c));
  return seeOther(begun.url, ...await attempts.begin(begun, { goal, silent: false }, c.req.header("cookie") ?? null));
}

/** Signs in a person who comes back from the issuer. */
export async function endAtIssuer(c: AuthContext, options: AuthOptions): Promise<Response> {
  const { provider, attempts, sessions } = options;
  if (provider === undefined) return noIssuer(c);
  const { search, searchParams } = new URL(c.req.url);
  const cookie = c.req.header("cookie") ?? null;
  const { attempt, removal } = await attempts.end(searchParams.get("state") ?? "", cookie);
  if (attempt === undefined) {
    const detail = "This browser did not begin this sign-in, or it took too long. Open the page that you want again.";
    return problemResponse(problem(403, "sign-in-not-begun", detail));
  }
  const found = attempt.silent ? await sessions.openBase(cookie) : undefined;
  // Somebody has signed out meanwhile.
  if (attempt.silent && found === undefined) return toSignIn(c, attempt.goal, removal);
  let signedIn;
  try {
    signedIn = await provider.finish(callbackUrl(c) + search, attempt.attempt);
  } catch (error) {
    if (!(error instanceof SignInError)) throw error;
    return withCookies(await failed(c, options, attempt, found, error), removal);
  }
  const identity = identityForHeaders(signedIn.identity);
  if (identity === undefined) {
    const detail = "You cannot sign in: the issuer's name for you is too long, or has control characters.";
    return withCookies(problemResponse(problem(403, "sign-in-claims", detail)), removal, removedCookie(BASE_COOKIE));
  }
  const goesOn = found?.session.by === "oidc" && found.session.identity.user === identity.user;
  const session = goesOn
    ? { ...found.session, identity, checkedAt: sessions.now }
    : sessions.begun({ identity, by: "oidc" });
  if (!goesOn) options.audit({ action: "signed-in", user: identity.user, by: "oidc" });
  return await goOn(c, options, attempt.goal, session, removal, await sessions.baseCookie(session));
}

/** The answer after the issuer, or what it says, has failed a sign-in. */
async function failed(
  c: AuthContext,
  options: AuthOptions,
  { silent, goal }: BegunAttempt,
  found: BaseSession | undefined,
  error: SignInError,
): Promise<Response> {
  if (!silent || found === undefined) return signInProblem(error);
  const { sessions } = options;
  if (isIssuersFault(error)) {
    const { session } = postponed(found.session, sessions.now);
    return await goOn(c, options, goal, session, await sessions.baseCookie(session));
  }
  // The issuer does not confirm the session: it is over.
  const removal = removedCookie(BASE_COOKIE);
  if (error.kind === "login-required") return toSignIn(c, goal, removal);
  return withCookies(signInProblem(error), removal);
}

function noIssuer(c: AuthContext): Response {
  return problemResponse(
    problem(
      404,
      "not-found",
      `There is nothing at ${c.req.path}: this gateway has no issuer. Sign in with a token at /_auth/.`,
    ),
  );
}
