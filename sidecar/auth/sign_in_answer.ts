import { pageResponse } from "../page/page_response.ts";
import { type SignInPage, signInPage } from "../page/sign_in_page.ts";
import type { AuthContext, AuthOptions } from "./auth_options.ts";
import { goalMembers, pathWithGoal, type SignInGoal } from "./goal.ts";

/** Nothing that has opened the page keeps a hold on it. */
const HEADERS = { "cache-control": "no-store", "cross-origin-opener-policy": "same-origin" };

/** The page to sign in at, which leads to the goal. */
export function signInAnswer(
  c: AuthContext,
  { provider, contact }: Pick<AuthOptions, "provider" | "contact">,
  goal: SignInGoal,
  status: 200 | 401 | 403 | 503,
  { user, notice }: Partial<Pick<SignInPage, "user" | "notice">>,
): Response {
  const site = c.req.header("sec-fetch-site");
  const page = signInPage({
    user,
    notice,
    members: goalMembers(goal),
    issuerLink: provider && pathWithGoal("/_auth/login", goal),
    // An attacker's page could lead here with the attacker's token. A link in a terminal is from no page.
    isDirect: site === "none" || site === "same-origin",
    views: c.var.hosts.allViews,
    contact,
  });
  return pageResponse(page, status, HEADERS);
}
