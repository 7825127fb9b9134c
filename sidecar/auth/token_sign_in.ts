import { problem, problemResponse } from "../http/problem.ts";
import { identityForHeaders } from "../access/identity_for_headers.ts";
import type { AuthContext, AuthOptions } from "./auth_options.ts";
import type { SignInGoal } from "./goal.ts";
import { goalIn, goOn } from "./open_goal.ts";
import { signInAnswer } from "./sign_in_answer.ts";

/** Takes the form with a token. The session lasts no longer than the token does. */
export async function signInWithToken(c: AuthContext, options: AuthOptions): Promise<Response> {
  const type = c.req.header("content-type")?.split(";", 1)[0]?.trim().toLowerCase();
  if (type !== "application/x-www-form-urlencoded") {
    const detail = "The token comes as a form: application/x-www-form-urlencoded.";
    return problemResponse(problem(415, "unsupported-media-type", detail));
  }
  const form = new URLSearchParams(await c.req.text());
  const goal = goalIn(form);
  if (goal instanceof Response) return goal;
  const token = (form.get("token") ?? "").trim();
  // What a header cannot hold is no token, and is not shown to Kubernetes.
  if (!/^[\x21-\x7e]+$/.test(token)) return bad(c, options, goal, 401, "There is no token.");
  const answer = await options.confirm(token, c.req.raw.signal);
  switch (answer.kind) {
    case "refused":
      return bad(c, options, goal, 401, answer.detail);
    case "unknown":
      return bad(c, options, goal, 503, `Nobody can sign in with a token at the moment: ${answer.detail}`);
    case "nobody":
      return bad(c, options, goal, 401, "There is no token.");
  }
  const identity = identityForHeaders(answer.identity);
  if (identity === undefined) {
    return bad(
      c,
      options,
      goal,
      403,
      "The token's user cannot sign in: the name is too long, or has control characters.",
    );
  }
  const { sessions, audit } = options;
  const session = sessions.begun({ identity, by: "token" }, answer.until);
  if (session.until <= sessions.now) return bad(c, options, goal, 401, "The token has expired.");
  const cookie = await sessions.baseCookie(session, token);
  audit({ action: "signed-in", user: identity.user, by: "token" });
  return await goOn(c, options, goal, session, cookie);
}

function bad(c: AuthContext, options: AuthOptions, goal: SignInGoal, status: 401 | 403 | 503, text: string): Response {
  return signInAnswer(c, options, goal, status, { notice: { text, isBad: true } });
}
