import type { Identity } from "../../access/identity.ts";
import { viewRight } from "../../access/view_rights.ts";
import { isSameVersion } from "../../view/same_version.ts";
import type { ViewState } from "../../view/state.ts";
import type { ApiOptions } from "../api_options.ts";
import { ASKED } from "../visible_views.ts";
import type { WatchedViews } from "./view_events.ts";

type Shows = WatchedViews["shows"];

/** Whether a person may get a view, asked once for each version of it: a change of its phase asks nobody. */
export function sightByGet(identity: Identity, { rights }: Pick<ApiOptions, "rights">): Shows {
  const known = new Map<string, { readonly state: ViewState; readonly may: boolean }>();
  return async (state, signal) => {
    const before = known.get(state.name);
    if (before !== undefined && isSameVersion(before.state, state)) return before.may;
    const ruling = await rights.may(identity, "get", state, signal);
    if (ruling.kind === "unknown") return undefined;
    const may = ruling.kind === "allowed";
    known.set(state.name, { state, may });
    if (known.size > MOST_KNOWN) known.delete(known.keys().next().value!);
    return may;
  };
}

/** Rulings that a stream remembers. */
const MOST_KNOWN = 2 * ASKED;

/** Whether a person without the right to list views sees a view, as their lists do. */
export function sightOfLists(identity: Identity, options: Pick<ApiOptions, "rights" | "views">): Shows {
  const byGet = sightByGet(identity, options);
  return (state, signal) =>
    options.views.size > ASKED
      ? Promise.resolve(viewRight(identity, "get", state) !== undefined)
      : byGet(state, signal);
}
