import { deepEqual } from "node:assert/strict";
import { shownView } from "../testing/pages.ts";
import { rowRights } from "./row_rights.ts";

const alice = { user: "oidc:alice", canSignOut: true };
const bob = { user: "oidc:bob", canSignOut: true };

Deno.test("the owner may put a view to sleep and delete it", () => {
  deepEqual(rowRights(shownView("a", { phase: "awake" }), { visitor: alice, mayAll: [] }), {
    ...{ canSee: true, canWake: false, canSleep: true, canDelete: true },
  });
});

Deno.test("another user opens and wakes it, unless a rule for all views allows more", () => {
  deepEqual(rowRights(shownView("a"), { visitor: bob, mayAll: [] }), {
    ...{ canSee: true, canWake: true, canSleep: false, canDelete: false },
  });
  deepEqual(rowRights(shownView("a", { phase: "starting" }), { visitor: bob, mayAll: ["patch", "delete"] }), {
    ...{ canSee: true, canWake: false, canSleep: true, canDelete: true },
  });
});

Deno.test("a public view that the visitor may not see has no page in the console", () => {
  const { name, route, phase, createdAt } = shownView("a");
  deepEqual(rowRights({ name, route, phase, createdAt, public: true }, { visitor: bob, mayAll: [] }), {
    ...{ canSee: false, canWake: true, canSleep: false, canDelete: false },
  });
});

Deno.test("a view without an owner is nobody's, also where nobody signs in", () => {
  const { owner: _, ...view } = shownView("a", { phase: "awake" });
  deepEqual(rowRights(view, { mayAll: [] }), {
    ...{ canSee: true, canWake: false, canSleep: false, canDelete: false },
  });
});
