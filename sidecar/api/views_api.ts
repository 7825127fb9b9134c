/** This folder serves the REST API, the progress of starts, phases for monitors, and the probes of the sidecar. */
import type { ViewList, ViewResource } from "@view-gateway/types";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { problem, problemResponse } from "../http/problem.ts";
import { overviewPage } from "../page/overview_page.ts";
import { pageResponse } from "../page/page_response.ts";
import type { ViewState } from "../view/state.ts";
import type { ApiOptions } from "./api_options.ts";
import { createView } from "./create_view.ts";
import { crossOrigin } from "./cross_origin.ts";
import { kubernetesUnavailable } from "./kubernetes_unavailable.ts";
import { methodNotAllowed } from "./method_not_allowed.ts";
import { untilSettled } from "./until_settled.ts";
import { requestUrlOf, resourceOf } from "./view_resource.ts";

const PAGE = 100;
const MAX_PAGE = 1000;

/** Answers requests to the base host: the REST API of views at `/_api/views`, and a page with all views at `/`. */
export function viewsApi(options: ApiOptions): Hono {
  const { bodyLimitBytes } = options;
  const api = new Hono();

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
    await next();
  });
  const limited = bodyLimit({
    maxSize: bodyLimitBytes,
    onError: () =>
      problemResponse(problem(413, "body-too-large", `The body may have ${bodyLimitBytes} bytes at most.`)),
  });

  api.get("/", (c) => showViews(c, options));
  api.get("/_api/views", (c) => listViews(c, options));
  api.post("/_api/views", limited, (c) => createView(c, options));
  api.get("/_api/views/:name", (c) => getView(c, options));
  api.delete("/_api/views/:name", (c) => deleteView(c, options));
  api.post("/_api/views/:name/restart", (c) => restartView(c, options));

  api.all("/_api/views/:name/restart", methodNotAllowed("POST"));
  api.all("/_api/views", methodNotAllowed("GET", "HEAD", "POST"));
  api.all("/_api/views/:name", methodNotAllowed("GET", "HEAD", "DELETE"));
  api.all("/", methodNotAllowed("GET", "HEAD"));
  return api;
}

function showViews(c: Context, options: ApiOptions): Response {
  const { items, more } = pageOfViews(c, options, "", PAGE);
  return pageResponse(overviewPage(items, more), 200, {});
}

function listViews(c: Context, options: ApiOptions): Response {
  const limit = Number(c.req.query("limit") ?? PAGE);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE) {
    return problemResponse(
      problem(400, "invalid-query", `limit must be a whole number from 1 to ${MAX_PAGE}.`),
    );
  }
  const { items, more } = pageOfViews(c, options, c.req.query("after") ?? "", limit);
  const last = items.at(-1);
  const next = more && last !== undefined ? { next: `/_api/views?limit=${limit}&after=${last.name}` } : {};
  const list: ViewList = { items, ...next };
  return c.json(list);
}

async function getView(c: Context, { views, lake, baseHost }: ApiOptions): Promise<Response> {
  const state = views.get(c.req.param("name") ?? "");
  if (state === undefined) return unknownView(c);
  const endAt = await lake?.credentialsEndAt(state, c.req.raw.signal);
  const resource: ViewResource = {
    ...resourceOf(state, baseHost, requestUrlOf(c.req)),
    ...endAt !== undefined && { credentialsEndAt: new Date(endAt).toISOString() },
  };
  return c.json(resource);
}

async function deleteView(c: Context, options: ApiOptions): Promise<Response> {
  const { views, services } = options;
  const state = views.get(c.req.param("name") ?? "");
  if (state === undefined) return unknownView(c);
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
    case "deleted":
      await untilSettled(options, name, (current) => current?.uid !== uid);
      return c.body(null, 204);
  }
}

async function restartView(c: Context, { views, restart, baseHost }: ApiOptions): Promise<Response> {
  const state = views.get(c.req.param("name") ?? "");
  if (state === undefined) return unknownView(c);
  const outcome = await restart(state);
  switch (outcome.kind) {
    case "launched":
      return c.json(resourceOf(views.get(state.name) ?? state, baseHost, requestUrlOf(c.req)), 202);
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

/** Up to `limit` views whose names come after the given one, and whether there are more. */
function pageOfViews(
  c: Context,
  { views, baseHost }: ApiOptions,
  after: string,
  limit: number,
): { readonly items: ViewResource[]; readonly more: boolean } {
  const found: readonly ViewState[] = views.page(after, limit + 1);
  const url = requestUrlOf(c.req);
  return {
    items: found.slice(0, limit).map((state) => resourceOf(state, baseHost, url)),
    more: found.length > limit,
  };
}

function unknownView(c: Context): Response {
  const name = c.req.param("name") ?? "";
  return problemResponse(problem(404, "unknown-view", `There is no view ${name}.`, { view: name }));
}
