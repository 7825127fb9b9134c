import { ANONYMOUS } from "../access/identity.ts";
import { overviewPage, type OverviewRow, type Visitor } from "../page/overview_page.ts";
import { pageResponse } from "../page/page_response.ts";
import type { ViewState } from "../view/state.ts";
import type { ApiOptions } from "./api_options.ts";
import type { ApiContext, ApiUser } from "./api_user.ts";
import { type RequestUrl, requestUrlOf, resourceOf, type Settings } from "./view_resource.ts";
import { statesOf, visibleViews } from "./visible_views.ts";

/** Most views on the page. */
const ROWS = 100;

/** Answers `GET /`: the page of the views that the user may see, and of public views. */
export async function showConsole(c: ApiContext, options: ApiOptions): Promise<Response> {
  const { views, personal } = options;
  const page = await visibleViews(c, options, { after: "", limit: ROWS });
  if (page instanceof Response) return page;
  const open = statesOf(personal.publicPage("", ROWS + 1), views);
  const all = new Map([...open, ...page.views].map((state) => [state.name, state]));
  const seen = new Set(page.views);
  const url = requestUrlOf(c.req);
  const rows = [...all.values()].toSorted((a, b) => a.name < b.name ? -1 : 1).slice(0, ROWS)
    .map((state) => rowOf(state, seen.has(state), options, url));
  return pageResponse(
    overviewPage({ rows, more: page.more || all.size > ROWS, visitor: visitorOf(c.get("user")) }),
    200,
    {},
  );
}

/** A user who may open a public view, but not see it, learns no more than a visitor of the view. */
function rowOf(state: ViewState, isSeen: boolean, settings: Settings, url: RequestUrl): OverviewRow {
  const { name, route, phase, createdAt, ...more } = resourceOf(state, settings, url);
  return { ...isSeen && more, name, route, phase, createdAt, isPublic: state.public ?? false };
}

function visitorOf({ identity, by }: ApiUser): Visitor | undefined {
  if (identity.user === ANONYMOUS.user) return undefined;
  return { user: identity.user, email: identity.email, canSignOut: by === "session" };
}
