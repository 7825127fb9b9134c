import { deepEqual, equal } from "node:assert/strict";
import type { AccessReviewed, ReviewedAccess, Unreviewed } from "../kubernetes/review/reviews.ts";
import { viewState } from "../view/testing/view_state.ts";
import type { ViewState } from "../view/state.ts";
import { ANONYMOUS, type Identity } from "./identity.ts";
import type { Verb } from "./rights.ts";
import { KubernetesRights } from "./kubernetes_rights.ts";
import { ReviewCache } from "./review_cache.ts";
import { ALICE } from "./testing/people.ts";

const VIEW = viewState(undefined, { name: "hello" });

/** Rights before an RBAC that gives this answer. */
function startRights(answer: AccessReviewed | Unreviewed) {
  const signal = new AbortController().signal;
  const asked: ReviewedAccess[] = [];
  const rights = new KubernetesRights({
    review: (access) => {
      asked.push(access);
      return Promise.resolve(answer);
    },
    cache: new ReviewCache({ isGood: ({ kind }) => kind === "allowed", onOutcome: () => {}, clock: () => 0, signal }),
  });
  const may = (identity: Identity, verb: Verb, view: ViewState | undefined) => rights.may(identity, verb, view, signal);
  return { asked, may };
}

Deno.test("RBAC is asked about the view's Service, and once for a while", async () => {
  const { asked, may } = startRights({ kind: "allowed" });
  deepEqual(await may(ALICE, "open", VIEW), { kind: "allowed", why: "rbac" });
  await may(ALICE, "open", VIEW);
  await may(ALICE, "list", undefined);
  deepEqual(asked, [
    { user: ALICE.user, groups: ALICE.groups, verb: "open", name: "hello" },
    { user: ALICE.user, groups: ALICE.groups, verb: "list", name: undefined },
  ]);
});

Deno.test("no answer outlives a change of the view, of the verb or of the person's groups", async () => {
  const { asked, may } = startRights({ kind: "allowed" });
  await may(ALICE, "open", VIEW);
  await may(ALICE, "open", { ...VIEW, resourceVersion: "2" });
  await may(ALICE, "open", { ...VIEW, uid: "service-2" });
  await may(ALICE, "get", VIEW);
  await may({ ...ALICE, groups: [] }, "open", VIEW);
  equal(asked.length, 5);
});

Deno.test("RBAC is not asked about what the view itself allows, nor about an anonymous request", async () => {
  const { asked, may } = startRights({ kind: "allowed" });
  deepEqual(await may(ALICE, "delete", { ...VIEW, owner: ALICE.user }), { kind: "allowed", why: "owner" });
  deepEqual(await may(ANONYMOUS, "open", { ...VIEW, public: true }), { kind: "allowed", why: "public" });
  equal((await may(ANONYMOUS, "open", VIEW)).kind, "forbidden");
  deepEqual(asked, []);
});

Deno.test("a refusal says whom to ask, and without an answer of RBAC the right is unknown", async () => {
  const { may } = startRights({ kind: "denied" });
  deepEqual(await may(ALICE, "delete", { ...VIEW, owner: "oidc:bob" }), {
    kind: "forbidden",
    detail: "oidc:alice may not delete view hello. Ask its owner, oidc:bob.",
  });
  deepEqual(await may(ALICE, "create", undefined), {
    kind: "forbidden",
    detail: "oidc:alice may not create views. Ask the people who run the gateway.",
  });
  const away: Unreviewed = { kind: "unknown", detail: "It is away.", message: "10.0.0.1 refuses" };
  deepEqual(await startRights(away).may(ALICE, "open", VIEW), { kind: "unknown", detail: "It is away." });
});
