/** This folder serves `/_auth/` at the base host, and hands sessions over to views' hosts. The issuer's client is in oidc/. */
import { Hono, type MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { SessionKeysError } from "../access/sessions.ts";
import { Deadline } from "../async/deadline.ts";
import { orAborted } from "../async/or_aborted.ts";
import { methodNotAllowed } from "../api/method_not_allowed.ts";
import { problem, problemResponse } from "../http/problem.ts";
import { BASE_COOKIE, removedCookie } from "../session/cookie_header.ts";
import { SignInError } from "../oidc/identity_provider.ts";
import type { AuthContext, AuthOptions, AuthVariables } from "./auth_options.ts";
import { hostsOf } from "./hosts.ts";
import { beginAtIssuer, endAtIssuer } from "./issuer_sign_in.ts";
import { goalIn, openGoal } from "./open_goal.ts";
import { isSameOrigin } from "./same_origin.ts";
import { insecure, seeOther } from "./see_other.ts";
import { signInAnswer } from "./sign_in_answer.ts";
import { sessionsUnavailable, signInProblem } from "./sign_in_problem.ts";
import { signInWithToken } from "./token_sign_in.ts";

/** Envoy alone serves a view by its cookie: VIEW_COOKIE_SECONDS. */
const SIGNED_OUT =
  "You have signed out, in all of your browsers. Views that are open can be used for ten more minutes.";

/** Bytes of a form with a token. */
const FORM_BYTES = 32_768;

/** Milliseconds for a form with a token: until it has come, and Kubernetes has said who has the token. */
const FORM_LIMIT = 30_000;

/** The routes of `/_auth/`. */
export function authRoutes(options: AuthOptions): Hono<AuthVariables> {
  const routes = new Hono<AuthVariables>();
  routes.onError(answerToError);
  routes.notFound((c) => notThere(c.req.path));
  routes.use("*", async (c, next) => {
    const hosts = hostsOf(c.req.raw.headers, options.baseHost);
    if (hosts === undefined || hosts.view !== undefined) return notThere(c.req.path);
    if (!hosts.isSecure) return insecure();
    if (c.req.method === "POST" && !isSameOrigin(c.req.raw.headers, hosts.baseOrigin)) {
      const detail =
        "Only the gateway's own pages may send this form: Origin or Sec-Fetch-Site names another page, or is missing. " +
        "A program does not sign in: it sends Authorization: Bearer with each request.";
      return problemResponse(problem(403, "cross-origin", detail));
    }
    const destination = c.req.header("sec-fetch-dest") ?? "document";
    if (c.req.method !== "POST" && destination !== "document") {
      const detail = "People sign in, and go on to a view, in a window of their own: no page does it for them unseen.";
      return problemResponse(problem(403, "cross-origin", detail));
    }
    c.set("hosts", hosts);
    await next();
  });
  const limited = bodyLimit({
    maxSize: FORM_BYTES,
    onError: () => problemResponse(problem(413, "body-too-large", `The form may have ${FORM_BYTES} bytes at most.`)),
  });
  routes.get("/_auth/", (c) => showPage(c, options));
  routes.get("/_auth/open", (c) => openGoal(c, options));
  routes.get("/_auth/login", (c) => beginAtIssuer(c, options));
  routes.get("/_auth/callback", (c) => endAtIssuer(c, options));
  routes.post("/_auth/token", timely(options), limited, (c) => signInWithToken(c, options));
  routes.post("/_auth/sign-out", (c) => signOut(c, options));
  for (const name of ["", "open", "login", "callback"]) routes.all(`/_auth/${name}`, methodNotAllowed("GET", "HEAD"));
  for (const name of ["token", "sign-out"]) routes.all(`/_auth/${name}`, methodNotAllowed("POST"));
  return routes;
}

/**
 * Whoever sends a form has not signed in yet: nobody may hold a request open for long by a body that does not come. It is
 * read whole before the form is looked at.
 */
function timely({ formLimit = FORM_LIMIT }: AuthOptions): MiddlewareHandler {
  return async (c, next) => {
    using limit = new Deadline(c.req.raw.signal, formLimit);
    try {
      await orAborted(next(), limit.signal);
    } catch (error) {
      if (!limit.passed) throw error;
      return problemResponse(problem(408, "form-too-slow", `The form was not dealt with within ${formLimit} ms.`));
    }
  };
}

async function showPage(c: AuthContext, options: AuthOptions): Promise<Response> {
  const query = new URL(c.req.url).searchParams;
  const goal = goalIn(query);
  if (goal instanceof Response) return goal;
  const session = await options.sessions.base(c.req.header("cookie") ?? null);
  const left = query.has("signed-out") && session === undefined;
  const notice = left ? { text: SIGNED_OUT, isBad: false } : undefined;
  return signInAnswer(c, options, goal, 200, { user: session?.identity.user, notice });
}

/** Ends all sessions of the person. If the sign-out cannot be stored, the person stays signed in, and the answer says so. */
async function signOut(c: AuthContext, { sessions, signOut, audit }: AuthOptions): Promise<Response> {
  const found = await sessions.openBase(c.req.header("cookie") ?? null);
  if (found !== undefined) {
    const { identity, authTime } = found.session;
    const outcome = await signOut(identity.user, authTime);
    if (outcome.kind !== "written") {
      const why = outcome.kind === "refused" ? outcome.cause.message : outcome.message;
      return problemResponse(problem(503, "not-signed-out", `You are still signed in: ${why} Try again.`), 5);
    }
    audit({ action: "signed-out", user: identity.user, by: found.session.by });
  }
  return seeOther(`${c.var.hosts.baseOrigin}/_auth/?signed-out=`, removedCookie(BASE_COOKIE));
}

function answerToError(error: Error): Response {
  if (error instanceof SessionKeysError) return sessionsUnavailable(error);
  if (error instanceof SignInError) return signInProblem(error);
  throw error;
}

function notThere(path: string): Response {
  return problemResponse(problem(404, "not-found", `There is nothing at ${path}. The sign-in is at /_auth/.`));
}
