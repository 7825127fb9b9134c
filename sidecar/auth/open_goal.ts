import type { Session } from "../access/sessions.ts";
import { problem, problemResponse } from "../http/problem.ts";
import { BASE_COOKIE, removedCookie } from "../session/cookie_header.ts";
import type { BaseSession } from "../session/cookie_sessions.ts";
import { type IdentityProvider, SignInError } from "../oidc/identity_provider.ts";
import type { AuthContext, AuthOptions } from "./auth_options.ts";
import { goalOf, pathWithGoal, type SignInGoal } from "./goal.ts";
import { isIssuersFault, postponed, renewalOf } from "./renewal.ts";
import { seeOther, withCookies } from "./see_other.ts";

/** The goal in a request's query, or the answer to a request that has none. */
export function goalIn(query: Pick<URLSearchParams, "get">): SignInGoal | Response {
  return goalOf(query) ??
    problemResponse(
      problem(
        400,
        "invalid-query",
        "This address is not one that the gateway made: it names no page to open after the sign-in.",
      ),
    );
}

/** Redirects to the goal if there is a session, and to the sign-in if not. */
export async function openGoal(c: AuthContext, options: AuthOptions): Promise<Response> {
  const goal = goalIn(new URL(c.req.url).searchParams);
  if (goal instanceof Response) return goal;
  const { sessions, provider } = options;
  const found = await sessions.openBase(c.req.header("cookie") ?? null);
  if (found === undefined) return toSignIn(c, goal);
  if (!sessions.isDue(found.session)) return await goOn(c, options, goal, found.session);
  const renewed = await renewalOf(found, sessions, provider);
  switch (renewed.kind) {
    case "over":
      return toSignIn(c, goal, removedCookie(BASE_COOKIE));
    case "at issuer":
      return await confirmAtIssuer(c, options, goal, found, renewed.provider);
    case "confirmed":
    case "postponed": {
      const { session } = renewed;
      return await goOn(c, options, goal, session, await sessions.baseCookie(session, found.token));
    }
  }
}

/** Lets the issuer confirm the session, without a question to the person. */
async function confirmAtIssuer(
  c: AuthContext,
  options: AuthOptions,
  goal: SignInGoal,
  found: BaseSession,
  provider: IdentityProvider,
): Promise<Response> {
  const { sessions, attempts } = options;
  try {
    const begun = await provider.begin(callbackUrl(c), { silent: true });
    return seeOther(begun.url, ...await attempts.begin(begun, { goal, silent: true }, c.req.header("cookie") ?? null));
  } catch (error) {
    if (!(error instanceof SignInError) || !isIssuersFault(error)) throw error;
    const { session } = postponed(found.session, sessions.now);
    return await goOn(c, options, goal, session, await sessions.baseCookie(session));
  }
}

/** Redirects to the goal with this session. */
export async function goOn(
  c: AuthContext,
  { handOver, isView }: Pick<AuthOptions, "handOver" | "isView">,
  goal: SignInGoal,
  session: Session,
  ...setCookies: readonly string[]
): Promise<Response> {
  const { hosts } = c.var;
  if (goal.view === undefined) return seeOther(hosts.baseOrigin + goal.path, ...setCookies);
  const isThere = await isView(goal.view, c.req.raw.signal);
  if (isThere) return seeOther(await handOver.give(goal, session, hosts), ...setCookies);
  const answer = isThere === undefined
    ? problemResponse(problem(503, "views-unknown", "The gateway does not know its views yet. Try again."), 2)
    : problemResponse(
      problem(404, "unknown-view", `There is no view ${goal.view}. The views are at /.`, { view: goal.view }),
    );
  return withCookies(answer, ...setCookies);
}

/** Leads the browser to the page to sign in at. */
export function toSignIn(c: AuthContext, goal: SignInGoal, ...setCookies: readonly string[]): Response {
  return seeOther(c.var.hosts.baseOrigin + pathWithGoal("/_auth/", goal), ...setCookies);
}

/** Where the issuer sends the browser back to. */
export function callbackUrl(c: AuthContext): string {
  return `${c.var.hosts.baseOrigin}/_auth/callback`;
}
