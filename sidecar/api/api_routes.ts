import type { MiddlewareHandler } from "hono";
import type { ApiOptions } from "./api_options.ts";
import type { Api, ApiContext } from "./api_user.ts";
import { browseLake } from "./browse_lake.ts";
import { changeView } from "./change_view.ts";
import { createView } from "./create_view.ts";
import { deleteView } from "./delete_view.ts";
import { getView } from "./get_view.ts";
import { listTemplates } from "./list_templates.ts";
import { listViews } from "./list_views.ts";
import { methodNotAllowed } from "./method_not_allowed.ts";
import { restartView } from "./restart_view.ts";
import { sleepView } from "./sleep_view.ts";
import { type Queries, validQuery } from "./valid_query.ts";
import { wakeView } from "./wake_view.ts";

/** What the API does for one method of one path. */
interface ApiRoute {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  readonly takesBody: boolean;
  readonly answer: (c: ApiContext, options: ApiOptions) => Response | Promise<Response>;
}

/** All that the REST API does. */
const ROUTES: readonly ApiRoute[] = [
  route("GET /_api/views", { query: "ViewsQuery" }, listViews),
  route("POST /_api/views", { takesBody: true }, createView),
  route("GET /_api/views/:name", {}, getView),
  route("PATCH /_api/views/:name", { takesBody: true }, changeView),
  route("DELETE /_api/views/:name", {}, deleteView),
  route("POST /_api/views/:name/wake", { query: "WakeQuery" }, wakeView),
  route("POST /_api/views/:name/sleep", {}, sleepView),
  route("POST /_api/views/:name/restart", {}, restartView),
  route("GET /_api/templates", {}, listTemplates),
  route("GET /_api/lake", { query: "LakeQuery" }, browseLake),
];

/** A route whose handler gets only a valid query. */
function route<Name extends keyof Queries = "NoQuery">(
  request: `${ApiRoute["method"]} /_api/${string}`,
  { query, takesBody = false }: { readonly query?: Name; readonly takesBody?: boolean },
  answer: (c: ApiContext, options: ApiOptions, query: Queries[Name]) => Response | Promise<Response>,
): ApiRoute {
  const [method, path] = request.split(" ") as [ApiRoute["method"], string];
  return {
    ...{ method, path, takesBody },
    answer: (c, options) => {
      const valid = validQuery(query ?? "NoQuery" as Name, c.req.url);
      return valid instanceof Response ? valid : answer(c, options, valid.value);
    },
  };
}

/** Adds the REST API. A path answers other methods than its own with those that it has. */
export function addApiRoutes(api: Api, options: ApiOptions, limited: MiddlewareHandler): void {
  for (const { method, path, takesBody, answer } of ROUTES) {
    if (takesBody) api.on(method, [path], limited);
    api.on(method, [path], (c) => answer(c, options));
  }
  for (const [path, routes] of Map.groupBy(ROUTES, ({ path }) => path)) {
    const [first, ...others] = routes.flatMap(({ method }) => method === "GET" ? ["GET", "HEAD"] : [method]);
    api.all(path, methodNotAllowed(first!, ...others));
  }
}
