import type { V1Service } from "@kubernetes/client-node";
import type { CreateView, Invalid, View, ViewList, ViewResource } from "@view-gateway/types";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { type ProblemAnswer, problemResponse } from "../http/problem.ts";
import { validateView } from "../view/validate_view.ts";
import type { LeaseBounds } from "../view/lease.ts";
import { serviceOf } from "../view/service.ts";
import type { Cause, ViewState } from "../view/state.ts";
import type { Views } from "../view/views.ts";
import type { CreatedService, DeletedService } from "../view/write_outcomes.ts";
import { overviewPage } from "../page/overview_page.ts";
import { pageResponse } from "../page/page_response.ts";
import { fail, notAllowed } from "./method_not_allowed.ts";
import { crossOrigin } from "./cross_origin.ts";
import { type Asked, newResource, resourceOf } from "./view_resource.ts";

/** The snapshot of all views, and its pages. */
export interface PagedViews extends Views {
  /** How many there are. */
  readonly size: number;
  /** Up to `limit` views whose names come after the given one, by name. */
  page(after: string, limit: number): readonly ViewState[];
}

/** The two writes that a view's life consists of. */
export interface Services {
  create(service: V1Service, signal: AbortSignal): Promise<CreatedService>;
  /** Deletes the Service if it still has this UID. */
  delete(name: string, uid: string, signal: AbortSignal): Promise<DeletedService>;
}

/** What the API knows of the lake. */
export interface Lake {
  /** When a view's present credentials end, in milliseconds since the epoch; undefined where it has none, or nobody knows. */
  credentialsEndAt(view: ViewState, signal: AbortSignal): Promise<number | undefined>;
}

/** How the making of a view's Job came out. */
export type Restarted =
  | { readonly kind: "launched" }
  | { readonly kind: "failed" | "paused"; readonly cause: Cause }
  | { readonly kind: "denied" } & ProblemAnswer;

export interface ApiOptions {
  readonly views: PagedViews;
  /** Makes the view's Job anew, in place of the one there is. Never rejects. */
  readonly restart: (view: ViewState) => Promise<Restarted>;
  /** How many views there may be. */
  readonly limit: number;
  /** What a view may ask for. */
  readonly bounds: LeaseBounds;
  readonly services: Services;
  readonly baseHost: string;
  readonly bodyLimitBytes: number;
  /** Labels that the configured selector asks for. */
  readonly required: Readonly<Record<string, string>>;
  /** Why no view can be made with this template, or with none; nothing where that is not known yet. */
  readonly templateProblems: (template: string | undefined) => readonly Invalid[];
  /** Without a lake no view can have subsets. */
  readonly lake?: Lake | undefined;
  /** Milliseconds that a change is waited for in the snapshot, so that the next request finds it. */
  readonly settle?: number;
}

const PAGE = 100;
const MAX_PAGE = 1000;

/** What the base host answers: the REST API of views, `/_api/views`, and a page that shows them. */
export function viewsApi(options: ApiOptions): Hono {
  const { views, services, baseHost, bodyLimitBytes, required, lake, settle = 2_000 } = options;
  const api = new Hono();

  api.notFound((c) =>
    fail(c, 404, "not-found", `There is nothing at ${c.req.path}. The views are at /, and the API is at /_api/views.`)
  );
  // A fault of the gateway's own is the server's to log and to answer; a client that has gone needs neither.
  api.onError((error, c) => {
    if (!c.req.raw.signal.aborted) throw error;
    return c.body(null, 500);
  });

  api.get("/", (c) => {
    const found = views.page("", PAGE + 1);
    const items = found.slice(0, PAGE).map((state) => resourceOf(state, baseHost, asked(c)));
    return pageResponse(overviewPage(items, found.length > PAGE), 200, {});
  });

  api.use("/_api/*", async (c, next) => {
    const refused = c.req.method === "GET" || c.req.method === "HEAD" ? undefined : crossOrigin(c.req.raw.headers);
    if (refused !== undefined) return fail(c, 403, "cross-origin", refused);
    await next();
  });

  api.get("/_api/views", (c) => {
    const limit = Number(c.req.query("limit") ?? PAGE);
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE) {
      return fail(c, 400, "invalid-query", `limit must be a whole number from 1 to ${MAX_PAGE}.`);
    }
    const found = views.page(c.req.query("after") ?? "", limit + 1);
    const items = found.slice(0, limit).map((state) => resourceOf(state, baseHost, asked(c)));
    const last = items.at(-1);
    const more = found.length > limit && last !== undefined;
    const list: ViewList = { items, ...(more && { next: `/_api/views?limit=${limit}&after=${last.name}` }) };
    return c.json(list);
  });

  api.get("/_api/views/:name", async (c) => {
    const state = views.get(c.req.param("name"));
    if (state === undefined) return unknown(c);
    const endAt = await lake?.credentialsEndAt(state, c.req.raw.signal);
    const resource: ViewResource = {
      ...resourceOf(state, baseHost, asked(c)),
      ...endAt !== undefined && { credentialsEndAt: new Date(endAt).toISOString() },
    };
    return c.json(resource);
  });

  const limited = bodyLimit({
    maxSize: bodyLimitBytes,
    onError: (c) => fail(c, 413, "body-too-large", `The body may have ${bodyLimitBytes} bytes at most.`),
  });
  api.post("/_api/views", limited, async (c) => {
    const type = (c.req.header("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
    if (type !== "application/json") {
      return fail(c, 415, "not-json", "Send the view as JSON, with Content-Type: application/json.");
    }
    let body: unknown;
    try {
      body = JSON.parse(await c.req.text());
    } catch (error) {
      return fail(c, 400, "not-json", `The body is not JSON: ${(error as Error).message}`);
    }
    const result = validateView("CreateView", body, options.bounds);
    const errors = [
      ..."errors" in result ? result.errors : lakeProblems(result.value, lake),
      ...unstartable(body, "errors" in result ? result.errors : [], options),
    ];
    if ("errors" in result || errors.length > 0) {
      const detail = errors.map(({ pointer, detail }) => `${pointer || "the body"} ${detail}`).join("; ");
      return fail(c, 422, "invalid-view", `The view is not valid: ${detail}.`, { errors: [...errors] });
    }
    const { name, spec } = split(result.value);
    if (views.size >= options.limit) {
      const detail = `Cannot create view ${name}: there are ${views.size} views, and ${options.limit} may be.`;
      return fail(c, 403, "too-many-views", detail, { view: name });
    }
    const created = await services.create(serviceOf(name, spec, required), c.req.raw.signal);
    switch (created.kind) {
      case "exists":
        return fail(c, 409, "exists", `Cannot create view ${name}: ${takenBy(views.get(name))}.`, { view: name });
      case "refused":
        return fail(c, 403, "refused", `Kubernetes refuses view ${name}: ${created.cause.message}`, {
          view: name,
          reason: created.cause.reason,
        });
      case "unavailable":
        return unavailable(c, `View ${name} was not created: ${created.message}`);
      case "created":
        await settled(name, (state) => state?.uid === created.uid);
        c.header("Location", `/_api/views/${name}`);
        return c.json(newResource(name, spec, created.createdAt, baseHost, asked(c)), 201);
    }
  });

  api.delete("/_api/views/:name", async (c) => {
    const name = c.req.param("name");
    const state = views.get(name);
    if (state === undefined) return unknown(c);
    const deleted = await services.delete(name, state.uid, c.req.raw.signal);
    switch (deleted.kind) {
      case "gone":
        return unknown(c);
      case "refused":
        return fail(c, 403, "refused", `Kubernetes refuses to delete view ${name}: ${deleted.cause.message}`, {
          view: name,
        });
      case "unavailable":
        return unavailable(c, `View ${name} was not deleted: ${deleted.message}`);
      case "deleted":
        await settled(name, (current) => current?.uid !== state.uid);
        return c.body(null, 204);
    }
  });

  api.post("/_api/views/:name/restart", async (c) => {
    const name = c.req.param("name");
    const state = views.get(name);
    if (state === undefined) return unknown(c);
    const restarted = await options.restart(state);
    switch (restarted.kind) {
      case "launched":
        return c.json(resourceOf(views.get(name) ?? state, baseHost, asked(c)), 202);
      case "failed":
      case "paused":
        return fail(c, 409, "view-failed", `View ${name} cannot be started: ${restarted.cause.message}`, {
          view: name,
          reason: restarted.cause.reason,
        });
      case "denied":
        return problemResponse(restarted.problem, restarted.retryAfter);
    }
  });

  api.all("/_api/views/:name/restart", notAllowed("POST"));
  api.all("/_api/views", notAllowed("GET", "HEAD", "POST"));
  api.all("/_api/views/:name", notAllowed("GET", "HEAD", "DELETE"));
  api.all("/", notAllowed("GET", "HEAD"));
  return api;

  async function settled(name: string, fits: (state: ViewState | undefined) => boolean): Promise<void> {
    await views.until(name, fits, AbortSignal.timeout(settle)).catch(() => undefined);
  }
}

/** What has a name that no view can be created with. */
function takenBy(view: ViewState | undefined): string {
  return view === undefined
    ? "a Service of that name exists, which is no view, or is still being deleted: see its finalizers"
    : "there is a view of that name";
}

function unknown(c: Context): Response {
  const name = c.req.param("name") ?? "";
  return fail(c, 404, "unknown-view", `There is no view ${name}.`, { view: name });
}

function unavailable(c: Context, detail: string): Response {
  c.header("Retry-After", "2");
  return fail(c, 503, "kubernetes-unavailable", detail);
}

function asked(c: Context): Asked {
  return { scheme: c.req.header("x-forwarded-proto") ?? "http", host: c.req.header("host") ?? "" };
}

/** Without a lake a view has no subsets. */
function lakeProblems({ subsets }: CreateView, lake: Lake | undefined): readonly Invalid[] {
  const none = lake === undefined && subsets.length > 0;
  return none ? [{ pointer: "/subsets", detail: "must be empty: no lake is configured for this gateway" }] : [];
}

/** What is wrong with the template that a body names, or leaves out; nothing where that member itself is wrong. */
function unstartable(
  body: unknown,
  errors: readonly Invalid[],
  { templateProblems }: Pick<ApiOptions, "templateProblems">,
): readonly Invalid[] {
  if (typeof body !== "object" || body === null || errors.some(({ pointer }) => pointer === "/template")) return [];
  return templateProblems((body as Partial<View>).template);
}

function split({ name, ...spec }: CreateView): { readonly name: string; readonly spec: View } {
  return { name, spec };
}
