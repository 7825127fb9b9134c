import { equal } from "node:assert/strict";
import { viewState } from "../view/testing/view_state.ts";
import type { ViewState } from "../view/state.ts";
import { ANONYMOUS, type Identity } from "./identity.ts";
import type { Verb } from "./rights.ts";
import { viewRight } from "./view_rights.ts";

const VERBS: readonly Verb[] = ["list", "get", "create", "patch", "delete", "open"];
const ALICE: Identity = { user: "oidc:alice", groups: ["oidc:sales"] };
const BOB: Identity = { user: "oidc:bob", groups: [] };

function rights(identity: Identity, change: Partial<ViewState>): string {
  const view = { ...viewState({ kind: "asleep", ended: undefined }), ...change };
  return VERBS.map((verb) => [verb, viewRight(identity, verb, view)]).filter(([, why]) => why !== undefined)
    .map((right) => right.join(" by ")).join(", ");
}

const shared = (access: object) => ({ spec: { subsets: [], access } });

Deno.test("a view gives no right to a user whom it does not name", () => {
  equal(rights(ALICE, {}), "");
  equal(rights(ALICE, { owner: BOB.user, ...shared({ users: ["alice"], groups: ["sales"] }) }), "");
  equal(rights(ALICE, { spec: undefined }), "");
});

Deno.test("its owner may open, see, change and delete it", () => {
  equal(rights(ALICE, { owner: ALICE.user }), "get by owner, patch by owner, delete by owner, open by owner");
});

Deno.test("a user with whom it is shared may see and open it", () => {
  equal(rights(ALICE, shared({ users: ["oidc:alice"] })), "get by access, open by access");
  equal(rights(ALICE, shared({ groups: ["oidc:other", "oidc:sales"] })), "get by access, open by access");
  equal(rights(BOB, shared({ everyone: true })), "get by access, open by access");
  equal(rights(BOB, shared({ users: ["oidc:alice"], groups: ["oidc:sales"], everyone: false })), "");
});

Deno.test("everybody may open a public view, and do nothing else with it", () => {
  equal(rights(ANONYMOUS, { public: true }), "open by public");
  equal(rights(BOB, { public: true }), "open by public");
});

Deno.test("an anonymous request never owns a view and shares none, whatever a Service says", () => {
  equal(rights(ANONYMOUS, { owner: ANONYMOUS.user, ...shared({ users: [ANONYMOUS.user], everyone: true }) }), "");
  equal(rights(ANONYMOUS, shared({ groups: ["system:unauthenticated"] })), "");
});
