import type { Ruling, Verb } from "../access/rights.ts";
import { problem, problemResponse } from "../http/problem.ts";
import type { ViewState } from "../view/state.ts";
import type { ApiOptions } from "./api_options.ts";
import { accessUnknown, type ApiContext } from "./api_user.ts";

/** Why a user may do what they ask for. */
export type Permission = Extract<Ruling, { readonly kind: "allowed" }>["why"];

/**
 * Why the user may do this, or the answer to a user who may not.
 * @param view undefined for `list` and `create`
 */
export async function permission(
  c: ApiContext,
  verb: Verb,
  view: ViewState | undefined,
  { rights, audit }: Pick<ApiOptions, "rights" | "audit">,
): Promise<Permission | Response> {
  const { identity, by } = c.get("user");
  const ruling = await rights.may(identity, verb, view, c.req.raw.signal);
  switch (ruling.kind) {
    case "allowed":
      return ruling.why;
    case "forbidden":
      audit({ action: "denied", user: identity.user, view: view?.name, verb, by, reason: "forbidden" });
      return problemResponse(problem(403, "forbidden", ruling.detail, view && { view: view.name }));
    case "unknown":
      return accessUnknown(ruling.detail);
  }
}
