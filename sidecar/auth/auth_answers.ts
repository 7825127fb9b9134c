import { SessionKeysError, type SignIn } from "../access/sessions.ts";
import type { Handler } from "../http/http_server.ts";
import { isNavigation } from "../http/navigation.ts";
import { authRoutes } from "./auth_routes.ts";
import type { AuthOptions } from "./auth_options.ts";
import { hostsOf } from "./hosts.ts";
import { sessionsUnavailable } from "./sign_in_problem.ts";

/** Where a browser brings a ticket to. */
const TICKETS = "/_gate/session";

/** Serves the sign-in; all other requests go to the next handler. */
export function authAnswers(options: AuthOptions, next: Handler): Handler {
  const { handOver, baseHost } = options;
  const routes = authRoutes(options);
  return async (request) => {
    const { pathname } = new URL(request.url);
    const hosts = hostsOf(request.headers, baseHost);
    if (hosts === undefined) return await next(request);
    if (hosts.view !== undefined) {
      return await (pathname === TICKETS ? keyed(() => handOver.take(request)) : next(request));
    }
    if (pathname === "/_auth") return await routes.fetch(new Request(new URL("/_auth/", request.url), request));
    if (pathname.startsWith("/_auth/")) return await routes.fetch(request);
    return await isDueAt(request, options) ? handOver.signIn(request) : await next(request);
  };
}

/** Sends browsers to the sign-in. */
export function signInOfBrowsers({ handOver }: Pick<AuthOptions, "handOver">): SignIn {
  return (request) => Promise.resolve(handOver.signIn(request));
}

/** Whether a browser opens a page of the base host with a session that has to be confirmed. */
async function isDueAt(request: Request, { sessions }: AuthOptions): Promise<boolean> {
  const cookie = request.headers.get("cookie");
  if (cookie === null || !isNavigation(request)) return false;
  try {
    const found = await sessions.openBase(cookie);
    return found !== undefined && sessions.isDue(found.session);
  } catch (error) {
    // The answer of the page itself has the cause.
    if (error instanceof SessionKeysError) return false;
    throw error;
  }
}

async function keyed(answer: () => Promise<Response>): Promise<Response> {
  try {
    return await answer();
  } catch (error) {
    if (!(error instanceof SessionKeysError)) throw error;
    return sessionsUnavailable(error);
  }
}
