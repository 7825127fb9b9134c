import type { ViewState } from "../view/state.ts";
import type { ApiOptions } from "./api_options.ts";
import { accessUnknown, type ApiContext } from "./asker.ts";

/** A part of a list by name. */
export interface ViewPage {
  readonly views: readonly ViewState[];
  readonly more: boolean;
}

/**
 * Up to `limit` of the views that the person may see and whose names come after the given one. Who may not list all sees those
 * that are theirs or shared with them. As in Kubernetes, nobody lists what a role allows them by its name: to ask for each view
 * of a large namespace would be a question each.
 */
export async function visibleViews(
  c: ApiContext,
  { rights, views, personal }: Pick<ApiOptions, "rights" | "views" | "personal">,
  after: string,
  limit: number,
): Promise<ViewPage | Response> {
  const { identity } = c.get("asker");
  const ruling = await rights.may(identity, "list", undefined, c.req.raw.signal);
  switch (ruling.kind) {
    case "allowed":
      return pageIn(views.page(after, limit + 1), limit);
    case "forbidden":
      return pageIn(statesOf(personal.page(identity, after, limit + 1), views), limit);
    case "unknown":
      return accessUnknown(ruling.detail);
  }
}

/** The views of these names. */
export function statesOf(names: readonly string[], views: ApiOptions["views"]): readonly ViewState[] {
  return names.flatMap((name) => views.get(name) ?? []);
}

function pageIn(found: readonly ViewState[], limit: number): ViewPage {
  return { views: found.slice(0, limit), more: found.length > limit };
}
