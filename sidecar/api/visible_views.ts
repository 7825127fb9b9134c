import type { ViewState } from "../view/state.ts";
import type { ApiOptions } from "./api_options.ts";
import { accessUnknown, type ApiContext } from "./api_user.ts";

/** Which part of a list by name is wanted. */
export interface WantedPage {
  /** The views' names come after this one. */
  readonly after: string;
  readonly limit: number;
  /** Whether a view is in the list. Undefined: all are. */
  readonly fits?: ((view: ViewState) => boolean) | undefined;
}

/** A part of a list by name. */
export interface ViewPage {
  readonly views: readonly ViewState[];
  readonly more: boolean;
  /** How many views the whole list has. */
  readonly total: number;
}

/** Most views of which Kubernetes is asked one by one whether the person may get them. */
export const ASKED = 100;

/** The views that a user may see: all, or these, which are in order. */
export type SeenViews = "all" | readonly ViewState[];

/** A page of the views that the user may see. */
export async function visibleViews(
  c: ApiContext,
  options: Pick<ApiOptions, "rights" | "views" | "personal">,
  wanted: WantedPage,
): Promise<ViewPage | Response> {
  const seen = await seenViews(c, options, wanted.fits);
  return seen instanceof Response ? seen : pageOfSeen(seen, wanted, options.views);
}

/**
 * The views that the user may see. A user who may not list views sees those that they may get. If there are few views, the
 * gateway asks about each of them that fits. If there are many, it takes those that the user owns or shares, so that the
 * number of questions does not follow the number of views.
 */
export async function seenViews(
  c: ApiContext,
  { rights, views, personal }: Pick<ApiOptions, "rights" | "views" | "personal">,
  fits: WantedPage["fits"],
): Promise<SeenViews | Response> {
  const { identity } = c.get("user");
  const { signal } = c.req.raw;
  const ruling = await rights.may(identity, "list", undefined, signal);
  if (ruling.kind === "unknown") return accessUnknown(ruling.detail);
  if (ruling.kind === "allowed") return "all";
  if (views.size > ASKED) return statesOf(personal.page(identity, "", Infinity), views);
  const asked = await Promise.all(
    views.page("", ASKED).filter((view) => fits?.(view) ?? true)
      .map(async (view) => ({ view, may: await rights.may(identity, "get", view, signal) })),
  );
  const unknown = asked.map(({ may }) => may).find(({ kind }) => kind === "unknown");
  if (unknown?.kind === "unknown") return accessUnknown(unknown.detail);
  return asked.filter(({ may }) => may.kind === "allowed").map(({ view }) => view);
}

/** The views of these names. */
export function statesOf(names: readonly string[], views: ApiOptions["views"]): readonly ViewState[] {
  return names.flatMap((name) => views.get(name) ?? []);
}

/** The page of a list of these views. Without a filter, it costs what its own views cost, however many there are. */
export function pageOfSeen(seen: SeenViews, { after, limit, fits }: WantedPage, views: ApiOptions["views"]): ViewPage {
  if (seen === "all" && fits === undefined) {
    const found = views.page(after, limit + 1);
    return { views: found.slice(0, limit), more: found.length > limit, total: views.size };
  }
  const found: ViewState[] = [];
  let total = 0;
  for (const view of seen === "all" ? views.page("", views.size) : seen) {
    if (fits !== undefined && !fits(view)) continue;
    total++;
    if (view.name > after && found.length <= limit) found.push(view);
  }
  return { views: found.slice(0, limit), more: found.length > limit, total };
}
