import type { View } from "@view-gateway/types";
import { problem, problemResponse } from "../http/problem.ts";
import type { ViewState } from "../view/state.ts";
import type { ApiOptions } from "./api_options.ts";
import type { ApiContext } from "./api_user.ts";
import { kubernetesUnavailable } from "./kubernetes_unavailable.ts";
import type { Permission } from "./permission.ts";
import { viewAnswer } from "./view_answer.ts";
import { untilSettled } from "./until_settled.ts";

/** How often a change is made of the view's latest version, where others change it at the same time. */
export const WRITES = 3;

/** The answer after as many tries. */
export function othersChange(view: string): Response {
  const detail = `View ${view} was not changed: others change it at the same time. Read it, and try again.`;
  return problemResponse(problem(409, "conflict", detail, { view }), 1);
}

/** Writes the spec. `lost`: somebody has changed or deleted the view first. */
export async function writeSpec(
  c: ApiContext,
  view: ViewState,
  { spec, why }: { readonly spec: View; readonly why: Permission },
  options: ApiOptions,
): Promise<Response | "lost"> {
  const { name, resourceVersion } = view;
  const changed = await options.services.change(view, spec, c.req.raw.signal);
  switch (changed.kind) {
    case "lost":
      await untilSettled(options, name, (state) => state?.resourceVersion !== resourceVersion);
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
      return viewAnswer(
        c,
        { ...options.views.get(name) ?? view, spec, resourceVersion: changed.resourceVersion },
        options,
      );
    }
  }
}
