import type { ViewResource, WatchQuery } from "@view-gateway/types";
import { lastLines } from "../view/last_line.ts";
import type { ViewState } from "../view/state.ts";
import type { ApiOptions } from "./api_options.ts";
import type { ApiContext } from "./api_user.ts";
import { etagOf, preconditionRefusal } from "./preconditions.ts";
import { permission } from "./permission.ts";
import { unknownView } from "./unknown_view.ts";
import { streamView } from "./stream/stream_views.ts";
import { requestUrlOf, resourceOf } from "./view_resource.ts";

/** Answers `GET /_api/views/NAME`. */
export async function getView(c: ApiContext, options: ApiOptions, { watch }: WatchQuery): Promise<Response> {
  const { views, lake, history } = options;
  const state = views.get(c.req.param("name") ?? "");
  if (state === undefined) return unknownView(c);
  const why = await permission(c, "get", state, options);
  if (why instanceof Response) return why;
  const stale = preconditionRefusal(c, state.name, state);
  if (stale !== undefined) return stale;
  if (watch !== undefined) return streamView(c, options, state);
  const endAt = await lake?.credentialsEndAt(state, c.req.raw.signal);
  const lastStart = history.lastStart(state);
  const logLines = await logLinesFor(c, state, options);
  const resource: ViewResource = {
    ...resourceOf(state, options, requestUrlOf(c.req)),
    ...lastStart && { lastStart },
    ...logLines && { logLines: [...logLines] },
    ...endAt !== undefined && { credentialsEndAt: new Date(endAt).toISOString() },
  };
  c.header("ETag", etagOf(state.resourceVersion));
  return c.json(resource);
}

/** What a view logged may be as secret as its data: only who may change the view gets it. */
async function logLinesFor(
  c: ApiContext,
  state: ViewState,
  { rights }: Pick<ApiOptions, "rights">,
): Promise<readonly string[] | undefined> {
  if (state.failedLog === undefined) return undefined;
  const ruling = await rights.may(c.get("user").identity, "patch", state, c.req.raw.signal);
  return ruling.kind === "allowed" ? lastLines(state.failedLog) : undefined;
}
