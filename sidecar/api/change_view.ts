import { isDeepStrictEqual } from "node:util";
import type { View } from "@view-gateway/types";
import { merged } from "../view/merge_patch.ts";
import type { ViewState } from "../view/state.ts";
import type { ApiOptions } from "./api_options.ts";
import type { ApiContext } from "./api_user.ts";
import { grantsRefusal } from "./grants_refusal.ts";
import { preconditionRefusal } from "./preconditions.ts";
import { invalidSpec } from "./invalid_spec.ts";
import { jsonOf } from "./json_body.ts";
import { permission } from "./permission.ts";
import { viewAnswer } from "./view_answer.ts";
import { validSpec } from "./valid_spec.ts";
import { unknownView } from "./unknown_view.ts";
import { othersChange, WRITES, writeSpec } from "./write_spec.ts";

/** Answers `PATCH /_api/views/NAME`: merges the body into the view's spec. */
export async function changeView(c: ApiContext, options: ApiOptions): Promise<Response> {
  const parsed = await jsonOf(c, "application/merge-patch+json");
  if (parsed instanceof Response) {
    if (parsed.status === 415) parsed.headers.set("accept-patch", "application/merge-patch+json");
    return parsed;
  }
  const name = c.req.param("name") ?? "";
  for (let tries = 1;; tries++) {
    const view = options.views.get(name);
    if (view === undefined) return unknownView(c);
    // Each version may have another owner.
    const why = await permission(c, "patch", view, options);
    if (why instanceof Response) return why;
    const next = changedSpec(c, view, parsed.body, options);
    if (next instanceof Response) return next;
    if (isDeepStrictEqual(next, view.spec)) return viewAnswer(c, view, options);
    const answer = await writeSpec(c, view, { spec: next, why }, options);
    if (answer !== "lost") return answer;
    if (tries === WRITES) return othersChange(name);
  }
}

/** The spec of the view after the change, or the answer where there can be none. */
function changedSpec(c: ApiContext, view: ViewState, patch: unknown, options: ApiOptions): View | Response {
  const { name, spec } = view;
  const stale = preconditionRefusal(c, name, view);
  if (stale !== undefined) return stale;
  if (spec === undefined) return invalidSpec(name);
  const valid = validSpec("View", merged(spec, patch), spec, options);
  if (valid instanceof Response) return valid;
  const change = { verb: "patch", name, spec: valid.value, before: spec.subsets } as const;
  return grantsRefusal(c, change, options) ?? valid.value;
}
