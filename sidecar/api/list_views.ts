import type { ViewList } from "@view-gateway/types";
import { problem, problemResponse } from "../http/problem.ts";
import type { ApiOptions } from "./api_options.ts";
import type { ApiContext } from "./api_user.ts";
import { requestUrlOf, resourceOf } from "./view_resource.ts";
import { visibleViews } from "./visible_views.ts";

const PAGE = 100;
const MAX_PAGE = 1000;

/** Answers `GET /_api/views`: a page of the views that the person may see. */
export async function listViews(c: ApiContext, options: ApiOptions): Promise<Response> {
  const limit = Number(c.req.query("limit") ?? PAGE);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE) {
    return problemResponse(
      problem(400, "invalid-query", `limit must be a whole number from 1 to ${MAX_PAGE}.`),
    );
  }
  const page = await visibleViews(c, options, c.req.query("after") ?? "", limit);
  if (page instanceof Response) return page;
  const url = requestUrlOf(c.req);
  const last = page.views.at(-1);
  const list: ViewList = {
    items: page.views.map((state) => resourceOf(state, options.baseHost, url)),
    ...page.more && last !== undefined && { next: `/_api/views?limit=${limit}&after=${last.name}` },
  };
  return c.json(list);
}
