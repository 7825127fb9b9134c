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

/**
 * A page of the views that the user may see. A user who may not list views sees those that they may get. If there are few views,
 * the gateway asks about each of them. If there are many, it takes those that the user owns or shares, so that the number of
 * questions does not follow the number of views.
 */
export async function visibleViews(
  c: ApiContext,
  { rights, views, personal }: Pick<ApiOptions, "rights" | "views" | "personal">,
  wanted: WantedPage,
): Promise<ViewPage | Response> {
  const { identity } = c.get("user");
  const { signal } = c.req.raw;
  const { after, limit, fits } = wanted;
  const ruling = await rights.may(identity, "list", undefined, signal);
  if (ruling.kind === "unknown") return accessUnknown(ruling.detail);
  if (ruling.kind === "allowed") {
    if (fits !== undefined) return pageOf(views.page("", views.size), wanted);
    const found = views.page(after, limit + 1);
    return { views: found.slice(0, limit), more: found.length > limit, total: views.size };
  }
  if (views.size > ASKED) return pageOf(statesOf(personal.page(identity, "", Infinity), views), wanted);
  const asked = await Promise.all(
    views.page("", ASKED).filter((view) => fits?.(view) ?? true)
      .map(async (view) => ({ view, may: await rights.may(identity, "get", view, signal) })),
  );
  const unknown = asked.map(({ may }) => may).find(({ kind }) => kind === "unknown");
  if (unknown?.kind === "unknown") return accessUnknown(unknown.detail);
  return pageOf(asked.filter(({ may }) => may.kind === "allowed").map(({ view }) => view), wanted);
}

/** The views of these names. */
export function statesOf(names: readonly string[], views: ApiOptions["views"]): readonly ViewState[] {
  return names.flatMap((name) => views.get(name) ?? []);
}

/** The page of a list of these views, which are in order. */
function pageOf(seen: readonly ViewState[], { after, limit, fits = () => true }: WantedPage): ViewPage {
  const list = seen.filter(fits);
  const found = list.filter(({ name }) => name > after);
  return { views: found.slice(0, limit), more: found.length > limit, total: list.length };
}
