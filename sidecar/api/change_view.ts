import { isDeepStrictEqual } from "node:util";
import type { View } from "@view-gateway/types";
import { problem, problemResponse } from "../http/problem.ts";
import { merged } from "../view/merge_patch.ts";
import type { ViewState } from "../view/state.ts";
import type { ApiOptions } from "./api_options.ts";
import type { ApiContext } from "./api_user.ts";
import { grantsRefusal } from "./grants_refusal.ts";
import { etagOf, isMatch } from "./if_match.ts";
import { jsonOf } from "./json_body.ts";
import { kubernetesUnavailable } from "./kubernetes_unavailable.ts";
import { type Permission, permission } from "./permission.ts";
import { validSpec } from "./valid_spec.ts";
import { unknownView } from "./unknown_view.ts";
import { untilSettled } from "./until_settled.ts";
import { requestUrlOf, resourceOf } from "./view_resource.ts";

/** How often a change is made of the view's latest version, where others change it at the same time. */
const TRIES = 3;

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
    if (isDeepStrictEqual(next, view.spec)) return shown(c, view, options);
    const answer = await write(c, view, { spec: next, why }, options);
    if (answer !== "lost") return answer;
    await untilSettled(options, name, (state) => state?.resourceVersion !== view.resourceVersion);
    if (tries === TRIES) {
      const detail = `View ${name} was not changed: others change it at the same time. Read it, and try again.`;
      return problemResponse(problem(409, "conflict", detail, { view: name }), 1);
    }
  }
}

/** The spec of the view after the change, or the answer where there can be none. */
function changedSpec(c: ApiContext, view: ViewState, patch: unknown, options: ApiOptions): View | Response {
  const { name, spec, resourceVersion } = view;
  if (!isMatch(c.req.header("if-match"), resourceVersion)) {
    const detail = `View ${name} is not what If-Match names: its ETag is ${etagOf(resourceVersion)}. Read it again.`;
    return problemResponse(problem(412, "changed-meanwhile", detail, { view: name }));
  }
  if (spec === undefined) {
    const detail = `View ${name} has no valid spec to change. Mend the annotation of its Service with kubectl.`;
    return problemResponse(problem(409, "invalid-spec", detail, { view: name }));
  }
  const valid = validSpec("View", merged(spec, patch), spec, options);
  if (valid instanceof Response) return valid;
  const change = { verb: "patch", name, spec: valid.value, before: spec.subsets } as const;
  return grantsRefusal(c, change, options) ?? valid.value;
}

/** Writes the changed spec. `lost`: somebody has changed or deleted the view first. */
async function write(
  c: ApiContext,
  view: ViewState,
  { spec, why }: { readonly spec: View; readonly why: Permission },
  options: ApiOptions,
): Promise<Response | "lost"> {
  const { name, resourceVersion } = view;
  const changed = await options.services.change(view, spec, c.req.raw.signal);
  switch (changed.kind) {
    case "lost":
      return "lost";
    case "refused": {
      const { reason, message } = changed.cause;
      const detail = `Kubernetes refuses to change view ${name}: ${message}`;
      return problemResponse(problem(403, "refused", detail, { view: name, reason }));
    }
    case "unavailable":
      return kubernetesUnavailable(`View ${name} was not changed: ${changed.message}`);
    case "changed": {
      const { identity, by } = c.get("user");
      options.audit({ action: "changed", user: identity.user, view: name, verb: "patch", by, reason: why });
      await untilSettled(options, name, (state) => state?.resourceVersion !== resourceVersion);
      return shown(c, { ...options.views.get(name) ?? view, spec, resourceVersion: changed.resourceVersion }, options);
    }
  }
}

function shown(c: ApiContext, view: ViewState, options: ApiOptions): Response {
  c.header("ETag", etagOf(view.resourceVersion));
  return c.json(resourceOf(view, options, requestUrlOf(c.req)));
}
