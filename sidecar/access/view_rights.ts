import type { ViewState } from "../view/state.ts";
import { ANONYMOUS, type Identity } from "./identity.ts";
import type { Ruling, Verb } from "./rights.ts";

type ViewRight = (Ruling & { readonly kind: "allowed" })["why"] & ("owner" | "access" | "public");

/** What the owner may do. */
const OWNER: readonly Verb[] = ["open", "get", "patch", "delete"];

/** What a user may do with a view that is shared with them. */
const SHARED: readonly Verb[] = ["open", "get"];

/** The right that the view itself gives, without a question to Kubernetes; undefined where it gives none. */
export function viewRight(
  { user, groups }: Identity,
  verb: Verb,
  { public: isPublic, owner, spec }: Pick<ViewState, "public" | "owner" | "spec">,
): ViewRight | undefined {
  if (isPublic && verb === "open") return "public";
  // An anonymous request has no other right, whatever the Service says.
  if (user === ANONYMOUS.user) return undefined;
  if (owner === user && OWNER.includes(verb)) return "owner";
  const { users = [], groups: shared = [], everyone = false } = spec?.access ?? {};
  const isShared = everyone || users.includes(user) || shared.some((group) => groups.includes(group));
  return isShared && SHARED.includes(verb) ? "access" : undefined;
}
