import type { ViewState } from "../view/state.ts";
import type { ApiOptions } from "./api_options.ts";
import { accessUnknown, type ApiContext } from "./api_user.ts";

/** A part of a list by name. */
export interface ViewPage {
  readonly views: readonly ViewState[];
  readonly more: boolean;
}

/** Most views of which Kubernetes is asked one by one whether the person may get them. */
const ASKED = 100;

/**
 * Up to `limit` of the views that the user may see and whose names come after the given one. A user who may not list views
 * sees those that they may get. If there are few views, the gateway asks about each of them. If there are many, it takes those
 * that the user owns or shares, so that the cost does not follow the number of views.
 */
export async function visibleViews(
  c: ApiContext,
  { rights, views, personal }: Pick<ApiOptions, "rights" | "views" | "personal">,
  after: string,
  limit: number,
): Promise<ViewPage | Response> {
  const { identity } = c.get("user");
  const { signal } = c.req.raw;
  const ruling = await rights.may(identity, "list", undefined, signal);
  if (ruling.kind === "unknown") return accessUnknown(ruling.detail);
  if (ruling.kind === "allowed") return pageIn(views.page(after, limit + 1), limit);
  if (views.size > ASKED) return pageIn(statesOf(personal.page(identity, after, limit + 1), views), limit);
  const asked = await Promise.all(
    views.page(after, ASKED).map(async (view) => ({ view, may: await rights.may(identity, "get", view, signal) })),
  );
  const unknown = asked.map(({ may }) => may).find(({ kind }) => kind === "unknown");
  if (unknown?.kind === "unknown") return accessUnknown(unknown.detail);
  return pageIn(asked.filter(({ may }) => may.kind === "allowed").map(({ view }) => view), limit);
}

/** The views of these names. */
export function statesOf(names: readonly string[], views: ApiOptions["views"]): readonly ViewState[] {
  return names.flatMap((name) => views.get(name) ?? []);
}

function pageIn(found: readonly ViewState[], limit: number): ViewPage {
  return { views: found.slice(0, limit), more: found.length > limit };
}
