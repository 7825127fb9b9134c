import type { MiddlewareHandler } from "hono";
import type { ApiOptions } from "./api_options.ts";
import { type ApiRoute, type DeclaredAnswer, route } from "./api_route.ts";
import type { Api } from "./api_user.ts";
import { browseLake } from "./browse_lake.ts";
import { changeView } from "./change_view.ts";
import { createView } from "./create_view.ts";
import { deleteView } from "./delete_view.ts";
import { getView } from "./get_view.ts";
import { listTemplates } from "./list_templates.ts";
import { listViews } from "./list_views.ts";
import { methodNotAllowed } from "./method_not_allowed.ts";
import { openApiDocument } from "./description/openapi_document.ts";
import { NEW_VIEW_EXAMPLE } from "./description/openapi_examples.ts";
import type { ProblemKind } from "./description/problem_kinds.ts";
import { putView } from "./put_view.ts";
import { restartView } from "./restart_view.ts";
import { sleepView } from "./sleep_view.ts";
import { wakeView } from "./wake_view.ts";

const view = (words: string, more: Partial<DeclaredAnswer> = {}): DeclaredAnswer => ({
  words,
  schema: "ViewResource",
  ...more,
});

/** The problems of a route about one view. */
const VIEW: readonly ProblemKind[] = ["unknown-view", "forbidden"];

/** The problems of a write to Kubernetes. */
const WRITE: readonly ProblemKind[] = ["refused", "kubernetes-unavailable"];

/** The problems of a body with subsets. */
const SUBSETS: readonly ProblemKind[] = ["beyond-grants", "grants-unusable"];

/** The problems of a launch. */
const LAUNCH: readonly ProblemKind[] = [
  ...["view-failed", "busy", "kubernetes-unavailable", "launch-timeout", "gateway-closing"] as const,
];

/** The problems of S3 and STS. */
const LAKE: readonly ProblemKind[] = [
  ...["lake-denied", "lake-elsewhere", "lake-failed", "lake-refused", "lake-rejects-gateway"] as const,
  ...["lake-unavailable", "no-credentials", "not-in-lake"] as const,
];

/** The problems of a stream. */
const STREAM: readonly ProblemKind[] = ["cross-origin", "gateway-closing", "too-many-streams"];

const EVENTS =
  "`changed` has a view as in a list, `gone` has the `name` of one that is deleted or out of sight, and `reset` says to list again.";

/** All that the REST API does. A description of the API, and the test of all answers, are made from these rows. */
export const API_ROUTES: readonly ApiRoute[] = [
  route("GET /_api/views", {
    operationId: "listViews",
    summary: "Lists the views that the user may see.",
    description: "`total` counts them on all pages, and `next` is the path of the next page.",
    query: "ViewsQuery",
    answers: { 200: { words: "A page of views.", schema: "ViewList", events: EVENTS } },
    problems: STREAM,
  }, listViews),
  route("POST /_api/views", {
    operationId: "createView",
    summary: "Creates a view. It is asleep.",
    body: { schema: "CreateView", type: "application/json" },
    answers: { 201: view("The new view.", { headers: ["ETag", "Location"], example: NEW_VIEW_EXAMPLE }) },
    problems: ["forbidden", "exists", "too-many-views", ...SUBSETS, ...WRITE],
  }, createView),
  route("GET /_api/views/:name", {
    operationId: "getView",
    summary: "Shows a view: its spec, its phase, and how it last started.",
    query: "WatchQuery",
    answers: { 200: view("The view.", { headers: ["ETag"], events: EVENTS }) },
    requestHeaders: ["If-Match"],
    problems: [...VIEW, ...STREAM, "changed-meanwhile"],
  }, getView),
  route("PUT /_api/views/:name", {
    operationId: "putView",
    summary: "Creates the view, or replaces its spec. To send the same again changes nothing.",
    body: { schema: "PutView", type: "application/json" },
    requestHeaders: ["If-Match", "If-None-Match"],
    answers: {
      200: view("The view with this spec.", { headers: ["ETag"] }),
      201: view("The new view.", { headers: ["ETag", "Location"], example: NEW_VIEW_EXAMPLE }),
    },
    problems: ["forbidden", "exists", "too-many-views", "conflict", "changed-meanwhile", ...SUBSETS, ...WRITE],
  }, putView),
  route("PATCH /_api/views/:name", {
    operationId: "changeView",
    summary: "Merges the body into the view's spec.",
    description:
      "The body is a JSON Merge Patch (RFC 7396): null removes a member, and an array replaces the whole array. " +
      "Another media type gets 415 with `Accept-Patch`.",
    body: { schema: "ViewPatch", type: "application/merge-patch+json" },
    requestHeaders: ["If-Match", "If-None-Match"],
    answers: { 200: view("The view after the change.", { headers: ["ETag"] }) },
    problems: [...VIEW, "conflict", "invalid-spec", "changed-meanwhile", ...SUBSETS, ...WRITE],
  }, changeView),
  route("DELETE /_api/views/:name", {
    operationId: "deleteView",
    summary: "Deletes a view. Nothing of it is left within seconds.",
    requestHeaders: ["If-Match", "If-None-Match"],
    answers: { 204: { words: "The view is deleted." } },
    problems: [...VIEW, "changed-meanwhile", ...WRITE],
  }, deleteView),
  route("POST /_api/views/:name/wake", {
    operationId: "wakeView",
    summary: "Wakes a view that is asleep or has failed.",
    description: "Who may open the view but not see it gets only `name`, `route`, `phase` and `createdAt`.",
    query: "WakeQuery",
    answers: {
      200: view("The view is awake.", { headers: ["ETag"] }),
      202: view("The view still starts.", { headers: ["ETag"] }),
    },
    problems: [...VIEW, "too-many-streams", ...LAUNCH],
  }, wakeView),
  route("POST /_api/views/:name/sleep", {
    operationId: "sleepView",
    summary: "Puts a view to sleep. Its pod finishes the requests that it has.",
    answers: { 200: view("The view after its Job has ended.", { headers: ["ETag"] }) },
    problems: [...VIEW, ...WRITE],
  }, sleepView),
  route("POST /_api/views/:name/restart", {
    operationId: "restartView",
    summary: "Replaces a view's Job by one from the current template.",
    query: "WakeQuery",
    answers: {
      200: view("The view is awake again.", { headers: ["ETag"] }),
      202: view("The view. It starts again.", { headers: ["ETag"] }),
    },
    problems: [...VIEW, "too-many-streams", ...LAUNCH],
  }, restartView),
  route("GET /_api/templates", {
    operationId: "listTemplates",
    summary: "Lists the templates from which the user may create views.",
    answers: { 200: { words: "All templates.", schema: "TemplateList" } },
    problems: ["forbidden", "kubernetes-unavailable"],
  }, listTemplates),
  route("GET /_api/lake", {
    operationId: "browseLake",
    summary: "Lists the buckets of the lake, or what lies below a prefix, as far as the user's grants allow.",
    query: "LakeQuery",
    answers: { 200: { words: "Buckets; or with `bucket`, prefixes and objects.", schema: "LakeListing" } },
    problems: [
      "forbidden",
      "no-lake",
      "beyond-grants",
      "grants-unusable",
      "prefix-too-long",
      "too-many-listings",
      ...LAKE,
    ],
  }, browseLake),
  route("GET /_api/openapi.json", {
    operationId: "describeApi",
    summary: "Describes this API as an OpenAPI 3.1 document.",
    answers: { 200: { words: "The document.", schema: "OpenAPI" } },
    problems: [],
  }, (c) => c.body(description(), 200, { "content-type": "application/json" })),
];

let made: string | undefined;

/** The document as JSON. It is made once, when somebody first asks for it. */
const description = (): string => made ??= JSON.stringify(openApiDocument(API_ROUTES));

/** Adds the REST API. A path answers other methods than its own with those that it has. */
export function addApiRoutes(api: Api, options: ApiOptions, limited: MiddlewareHandler): void {
  for (const { method, path, body, answer } of API_ROUTES) {
    if (body !== undefined) api.on(method, [path], limited);
    api.on(method, [path], (c) => answer(c, options));
  }
  for (const [path, routes] of Map.groupBy(API_ROUTES, ({ path }) => path)) {
    const [first, ...others] = routes.flatMap(({ method }) => method === "GET" ? ["GET", "HEAD"] : [method]);
    api.all(path, methodNotAllowed(first!, ...others));
  }
}
