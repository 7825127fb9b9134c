/** This folder serves the REST API, the progress of starts, phases for monitors, and the probes of the sidecar. */
import type { ViewResource } from "@view-gateway/types";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { isNavigation } from "../http/navigation.ts";
import { problem, problemResponse } from "../http/problem.ts";
import type { ApiOptions } from "./api_options.ts";
import { type ApiContext, type ApiUser, apiUserOf } from "./api_user.ts";
import { changeView } from "./change_view.ts";
import { showConsole } from "./console.ts";
import { createView } from "./create_view.ts";
import { crossOrigin } from "./cross_origin.ts";
import { etagOf } from "./if_match.ts";
import { kubernetesUnavailable } from "./kubernetes_unavailable.ts";
import { listViews } from "./list_views.ts";
import { methodNotAllowed } from "./method_not_allowed.ts";
import { permission } from "./permission.ts";
import { unknownView } from "./unknown_view.ts";
import { untilSettled } from "./until_settled.ts";
import { requestUrlOf, resourceOf } from "./view_resource.ts";

/** The API's routes. Each of them knows the user. */
export type Api = Hono<{ Variables: { readonly user: ApiUser } }>;

/** Answers requests to the base host: the REST API of views at `/_api/views`, and a page with all views at `/`. */
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
  api.use("/", async (c, next) => {
    const { raw } = c.req;
    if (signIn && isNavigation(raw) && (await authenticator.authenticate(raw.headers, raw.signal)).kind === "nobody") {
      return await signIn(raw, undefined);
    }
    const user = await apiUserOf(raw, options);
    if (user instanceof Response) return user;
    c.set("user", user);
    await next();
  });
  const limited = bodyLimit({
    maxSize: bodyLimitBytes,
    onError: () =>
      problemResponse(problem(413, "body-too-large", `The body may have ${bodyLimitBytes} bytes at most.`)),
  });

  api.get("/", (c) => showConsole(c, options));
  api.get("/_api/views", (c) => listViews(c, options));
  api.post("/_api/views", limited, (c) => createView(c, options));
  api.get("/_api/views/:name", (c) => getView(c, options));
  api.patch("/_api/views/:name", limited, (c) => changeView(c, options));
  api.delete("/_api/views/:name", (c) => deleteView(c, options));
  api.post("/_api/views/:name/restart", (c) => restartView(c, options));

  api.all("/_api/views/:name/restart", methodNotAllowed("POST"));
  api.all("/_api/views", methodNotAllowed("GET", "HEAD", "POST"));
  api.all("/_api/views/:name", methodNotAllowed("GET", "HEAD", "PATCH", "DELETE"));
  api.all("/", methodNotAllowed("GET", "HEAD"));
  return api;
}

async function getView(c: ApiContext, options: ApiOptions): Promise<Response> {
  const { views, lake, baseHost } = options;
  const state = views.get(c.req.param("name") ?? "");
  if (state === undefined) return unknownView(c);
  const why = await permission(c, "get", state, options);
  if (why instanceof Response) return why;
  const endAt = await lake?.credentialsEndAt(state, c.req.raw.signal);
  const resource: ViewResource = {
    ...resourceOf(state, baseHost, requestUrlOf(c.req)),
    ...endAt !== undefined && { credentialsEndAt: new Date(endAt).toISOString() },
  };
  c.header("ETag", etagOf(state.resourceVersion));
  return c.json(resource);
}

async function deleteView(c: ApiContext, options: ApiOptions): Promise<Response> {
  const { views, services, audit } = options;
  const state = views.get(c.req.param("name") ?? "");
  if (state === undefined) return unknownView(c);
  const why = await permission(c, "delete", state, options);
  if (why instanceof Response) return why;
  const { name, uid } = state;
  const deleted = await services.delete(name, uid, c.req.raw.signal);
  switch (deleted.kind) {
    case "gone":
      return unknownView(c);
    case "refused": {
      const detail = `Kubernetes refuses to delete view ${name}: ${deleted.cause.message}`;
      return problemResponse(problem(403, "refused", detail, { view: name }));
    }
    case "unavailable":
      return kubernetesUnavailable(`View ${name} was not deleted: ${deleted.message}`);
    case "deleted": {
      const { identity, by } = c.get("user");
      audit({ action: "deleted", user: identity.user, view: name, verb: "delete", by, reason: why });
      await untilSettled(options, name, (current) => current?.uid !== uid);
      return c.body(null, 204);
    }
  }
}

async function restartView(c: ApiContext, options: ApiOptions): Promise<Response> {
  const { views, restart, baseHost, audit } = options;
  const state = views.get(c.req.param("name") ?? "");
  if (state === undefined) return unknownView(c);
  const why = await permission(c, "patch", state, options);
  if (why instanceof Response) return why;
  const outcome = await restart(state);
  switch (outcome.kind) {
    case "launched": {
      const { identity, by } = c.get("user");
      audit({ action: "changed", user: identity.user, view: state.name, verb: "restart", by, reason: why });
      return c.json(resourceOf(views.get(state.name) ?? state, baseHost, requestUrlOf(c.req)), 202);
    }
    case "failed":
    case "paused": {
      const { reason, message } = outcome.cause;
      const detail = `View ${state.name} cannot start: ${message}`;
      return problemResponse(problem(409, "view-failed", detail, { view: state.name, reason }));
    }
    case "denied":
      return problemResponse(outcome.problem, outcome.retryAfter);
  }
}
