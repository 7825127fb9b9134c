import type { ViewsQuery } from "@view-gateway/types";
import type { ListQuery } from "../../console/console_page.ts";
import type { ViewState } from "../../view/state.ts";
import type { ApiOptions } from "../api_options.ts";
import type { ApiContext } from "../api_user.ts";
import { consoleResponse, problemPage } from "./console_response.ts";
import { filterOf } from "../list_views.ts";
import { validQuery } from "../valid_query.ts";
import { viewManifest } from "./view_manifest.ts";
import { openResource, requestUrlOf, resourceOf } from "../view_resource.ts";
import { pageOfSeen, seenViews, statesOf } from "../visible_views.ts";

/** Most views on a page. */
const ROWS = 100;

/** Answers `GET /`: the page of the views that the user may see, and of public views. */
export async function showList(c: ApiContext, options: ApiOptions): Promise<Response> {
  const valid = validQuery("ViewsQuery", withoutEmpty(c.req.url));
  if (valid instanceof Response) return await problemPage(c, valid, options);
  const { limit: _, ...query } = valid.value;
  const fits = filterOf(query);
  const seen = await seenViews(c, options, fits);
  if (seen instanceof Response) return await problemPage(c, seen, options);
  const may = await rightsOf(c, options);

  const isSeen = seen === "all" ? () => true : isOneOf(seen);
  const open = seen === "all" ? [] : openViews(query, options).filter((state) => !isSeen(state));
  const all = seen === "all" || open.length === 0 ? seen : [...seen, ...open].sort((a, b) => a.name < b.name ? -1 : 1);
  const { views: shown, more, total } = pageOfSeen(all, { after: query.after, limit: ROWS, fits }, options.views);
  const last = more ? shown.at(-1) : undefined;
  const filters = filtersOf(query);
  const url = requestUrlOf(c.req);
  return consoleResponse(c, {
    page: "list",
    views: shown.map((state) => isSeen(state) ? resourceOf(state, options, url) : openResource(state, options, url)),
    total,
    ...last && { next: `/?${new URLSearchParams({ ...filters, after: last.name })}` },
    query: { ...filters, ...query.after !== "" && { after: query.after } },
    canCreate: may.includes("create"),
    mayAll: may.filter((verb) => verb !== "create"),
    ...may.includes("create") && total === 0 && { manifest: viewManifest(EXAMPLE, options) },
  }, options);
}

function isOneOf(states: readonly ViewState[]): (state: ViewState) => boolean {
  const set = new Set(states);
  return (state) => set.has(state);
}

/** A first view. */
const EXAMPLE = { name: "hello", spec: { subsets: [] }, owner: undefined };

const OFFERED = ["create", "patch", "delete"] as const;

/** What the user may do with all views. What Kubernetes cannot say now is not offered; the API decides anyway. */
async function rightsOf(c: ApiContext, { rights }: ApiOptions): Promise<readonly (typeof OFFERED[number])[]> {
  const { identity } = c.get("user");
  const rulings = await Promise.all(OFFERED.map((verb) => rights.may(identity, verb, undefined, c.req.raw.signal)));
  return OFFERED.filter((_, i) => rulings[i]!.kind === "allowed");
}

/** A form sends its empty fields too. */
function withoutEmpty(address: string): string {
  const url = new URL(address);
  for (const [name, value] of [...url.searchParams]) if (value === "") url.searchParams.delete(name);
  return url.href;
}

function filtersOf({ phase, owner, q }: ListQuery): Pick<ListQuery, "phase" | "owner" | "q"> {
  return { ...phase !== undefined && { phase }, ...owner !== undefined && { owner }, ...q !== undefined && { q } };
}

/** The public views. A filter by owner would tell whose they are. */
function openViews({ owner }: Pick<ViewsQuery, "owner">, { personal, views }: ApiOptions): readonly ViewState[] {
  return owner === undefined ? statesOf(personal.publicPage("", Infinity), views) : [];
}
