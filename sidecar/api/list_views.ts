import type { ViewList, ViewsQuery } from "@view-gateway/types";
import type { ViewState } from "../view/state.ts";
import type { ApiOptions } from "./api_options.ts";
import type { ApiContext } from "./api_user.ts";
import { requestUrlOf, resourceOf } from "./view_resource.ts";
import { streamViews } from "./stream/stream_views.ts";
import { visibleViews } from "./visible_views.ts";

/** Answers `GET /_api/views`: a page of the views that the person may see and that fit the query. */
export async function listViews(c: ApiContext, options: ApiOptions, query: ViewsQuery): Promise<Response> {
  const { after, limit, watch, ...filters } = query;
  if (watch !== undefined) return await streamViews(c, options, filterOf(filters));
  const page = await visibleViews(c, options, { after, limit, fits: filterOf(filters) });
  if (page instanceof Response) return page;
  const url = requestUrlOf(c.req);
  const last = page.views.at(-1);
  const next = last && new URLSearchParams({ limit: String(limit), after: last.name, ...filters });
  const list: ViewList = {
    items: page.views.map((state) => resourceOf(state, options, url)),
    total: page.total,
    ...page.more && next && { next: `/_api/views?${next}` },
  };
  return c.json(list);
}

/** Whether a view fits the filters; undefined where there are none. */
export function filterOf(
  { phase, owner, q }: Pick<ViewsQuery, "phase" | "owner" | "q">,
): ((view: ViewState) => boolean) | undefined {
  if (phase === undefined && owner === undefined && q === undefined) return undefined;
  const part = q?.toLowerCase() ?? "";
  return (view) =>
    (phase === undefined || view.phase.kind === phase) && (owner === undefined || view.owner === owner) &&
    view.name.includes(part);
}
