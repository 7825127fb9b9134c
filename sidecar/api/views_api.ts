/** This folder serves the REST API, the progress of starts, phases for monitors, and the probes of the sidecar. */
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { isNavigation } from "../http/navigation.ts";
import { problem, problemResponse } from "../http/problem.ts";
import type { ApiOptions } from "./api_options.ts";
import { addApiRoutes } from "./api_routes.ts";
import { type Api, apiUserOf } from "./api_user.ts";
import { addConsole, CONSOLE_PATHS } from "./console/console.ts";
import { crossOrigin } from "./cross_origin.ts";

/** Answers requests to the base host: the REST API of views at `/_api/views`, and the console at `/`. */
export function viewsApi(options: ApiOptions): Api {
  const { bodyLimitBytes, authenticator, signIn } = options;
  const api: Api = new Hono();

  api.notFound((c) => {
    const detail = `There is nothing at ${c.req.path}. The views are at /, and the API is at /_api/views.`;
    return problemResponse(problem(404, "not-found", detail));
  });
  // The server logs the gateway's own errors and answers them. A client that is gone needs neither.
  api.onError((error, c) => {
    if (!c.req.raw.signal.aborted) throw error;
    return c.body(null, 500);
  });

  api.use("/_api/*", async (c, next) => {
    const refusal = c.req.method === "GET" || c.req.method === "HEAD" ? undefined : crossOrigin(c.req.raw.headers);
    if (refusal !== undefined) return problemResponse(problem(403, "cross-origin", refusal));
    const user = await apiUserOf(c.req.raw, options);
    if (user instanceof Response) return user;
    c.set("user", user);
    await next();
  });
  for (const path of CONSOLE_PATHS) {
    api.use(path, async (c, next) => {
      const { raw } = c.req;
      if (
        signIn && isNavigation(raw) && (await authenticator.authenticate(raw.headers, raw.signal)).kind === "nobody"
      ) {
        return await signIn(raw, undefined);
      }
      const user = await apiUserOf(raw, options);
      if (user instanceof Response) return user;
      c.set("user", user);
      await next();
    });
  }
  const limited = bodyLimit({
    maxSize: bodyLimitBytes,
    onError: () =>
      problemResponse(problem(413, "body-too-large", `The body may have ${bodyLimitBytes} bytes at most.`)),
  });

  addConsole(api, options);
  addApiRoutes(api, options, limited);
  return api;
}
