import type { AccessReviewed, ReviewedAccess, Unreviewed } from "../kubernetes/review/reviews.ts";
import type { ViewState } from "../view/state.ts";
import { ANONYMOUS, type Identity } from "./identity.ts";
import type { ReviewCache } from "./review_cache.ts";
import type { Rights, Ruling, Verb } from "./rights.ts";
import { viewRight } from "./view_rights.ts";

export interface KubernetesRightsOptions {
  readonly review: (access: ReviewedAccess, signal: AbortSignal) => Promise<AccessReviewed | Unreviewed>;
  readonly cache: ReviewCache<AccessReviewed>;
}

/** The rights that views give themselves, and those that Kubernetes' RBAC gives. */
export class KubernetesRights implements Rights {
  readonly #options: KubernetesRightsOptions;

  constructor(options: KubernetesRightsOptions) {
    this.#options = options;
  }

  async may(identity: Identity, verb: Verb, view: ViewState | undefined, signal: AbortSignal): Promise<Ruling> {
    const right = view && viewRight(identity, verb, view);
    if (right !== undefined) return { kind: "allowed", why: right };
    const { user, groups } = identity;
    if (user === ANONYMOUS.user) {
      return { kind: "forbidden", detail: "Sign in first: only signed-in users may do this." };
    }
    const { review, cache } = this.#options;
    const access = { user, groups, verb, name: view?.name };
    // A view that has changed may have changed hands.
    const key = [access, view?.uid, view?.resourceVersion];
    const answer = await cache.get(key, (signal) => review(access, signal), signal);
    switch (answer.kind) {
      case "allowed":
        return { kind: "allowed", why: "rbac" };
      case "denied":
        return { kind: "forbidden", detail: forbiddenDetail(user, verb, view) };
      case "unknown":
        return { kind: "unknown", detail: answer.detail };
    }
  }
}

/** With AUTHENTICATION=none everybody may do everything. */
export const ALL_RIGHTS: Rights = { may: () => Promise.resolve({ kind: "allowed", why: "no authentication" }) };

function forbiddenDetail(user: string, verb: Verb, view: ViewState | undefined): string {
  if (view === undefined) return `${user} may not ${verb} views. Ask the people who run the gateway.`;
  const whom = view.owner === undefined ? "the people who run the gateway" : `its owner, ${view.owner}`;
  return `${user} may not ${verb} view ${view.name}. Ask ${whom}.`;
}
