import type { Subset, View } from "@view-gateway/types";
import { ANONYMOUS } from "../access/identity.ts";
import type { Verb } from "../access/rights.ts";
import { problem, problemResponse } from "../http/problem.ts";
import { asksForMore, beyondGrants } from "../view/grants.ts";
import type { ApiOptions } from "./api_options.ts";
import type { ApiContext } from "./api_user.ts";

/** A view as the user wants it. */
export interface WantedView {
  readonly verb: Verb;
  readonly name: string;
  readonly spec: View;
  /** The subsets that it has already. */
  readonly before: readonly Subset[];
}

/** The answer to a user who asks for more than their grants; undefined where they do not. */
export function grantsRefusal(
  c: ApiContext,
  { verb, name, spec: { subsets }, before }: WantedView,
  options: Pick<ApiOptions, "grants" | "audit">,
): Response | undefined {
  const grants = options.grants();
  if (grants.kind === "unbounded") return undefined;
  if (grants.kind === "unusable") {
    if (!asksForMore(subsets, before)) return undefined;
    const detail = `View ${name} cannot have these subsets now. ${grants.cause}`;
    return problemResponse(problem(503, "grants-unusable", detail, { view: name }));
  }
  const { identity: { user, groups }, by } = c.get("user");
  const person = { user, groups, isKnown: user !== ANONYMOUS.user };
  const errors = beyondGrants(grants.grants, person, subsets, before);
  if (errors.length === 0) return undefined;
  options.audit({ action: "denied", user, view: name, verb, by, reason: "beyond-grants" });
  const detail = errors.map(({ pointer, detail }) => `${pointer} ${detail}`).join("; ");
  return problemResponse(problem(403, "beyond-grants", `${detail}.`, { view: name, errors: [...errors] }));
}
