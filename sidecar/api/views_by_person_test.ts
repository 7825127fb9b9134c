import { deepEqual } from "node:assert/strict";
import fc from "fast-check";
import { ANONYMOUS, type Identity } from "../access/identity.ts";
import { viewRight } from "../access/view_rights.ts";
import type { ViewState } from "../view/state.ts";
import { viewState } from "../view/testing/view_state.ts";
import { ViewsByPerson } from "./views_by_person.ts";

const user = fc.constantFrom("oidc:alice", "oidc:bob", "user oidc:alice", "everyone", "public", "system:anonymous");
const group = fc.constantFrom("oidc:sales", "oidc:alice", "everyone", "system:unauthenticated");
const name = fc.constantFrom("a", "b", "c", "d");
const access = fc.record(
  { users: fc.array(user, { maxLength: 2 }), groups: fc.array(group, { maxLength: 2 }), everyone: fc.boolean() },
  { requiredKeys: [] },
);
const change = fc.record({
  owner: fc.option(user, { nil: undefined }),
  spec: fc.option(access.map((access) => ({ subsets: [], access })), { nil: undefined }),
  isPublic: fc.boolean(),
  gone: fc.boolean(),
});
const person = fc.record({ user, groups: fc.uniqueArray(group, { maxLength: 3 }) });

Deno.test("a person's views are those that the rights of views themselves let them get, whatever has changed", () => {
  const steps = fc.array(fc.tuple(name, change), { maxLength: 12 });
  fc.assert(fc.property(steps, person, name, fc.nat(4), (steps, person, after, limit) => {
    const index = new ViewsByPerson();
    const views = new Map<string, ViewState>();
    for (const [name, { owner, spec, isPublic, gone }] of steps) {
      const before = views.get(name);
      const state = viewState(undefined, { name, owner, spec, ...isPublic && { public: true } });
      if (gone) views.delete(name);
      else views.set(name, state);
      index.changed(name, gone ? undefined : state, before);
    }
    const pageOf = (fits: (state: ViewState) => boolean) =>
      [...views.values()].filter(fits).map(({ name }) => name).filter((name) => name > after).sort().slice(0, limit);
    deepEqual(index.page(person, after, limit), pageOf((state) => viewRight(person, "get", state) !== undefined));
    deepEqual(index.publicPage(after, limit), pageOf((state) => state.public === true));
  }));
});

Deno.test("an anonymous request has no views, whatever a spec says", () => {
  const index = new ViewsByPerson();
  const access = { users: [ANONYMOUS.user], groups: [...ANONYMOUS.groups], everyone: true };
  index.changed("hello", viewState(undefined, { owner: ANONYMOUS.user, spec: { subsets: [], access } }), undefined);
  deepEqual(index.page(ANONYMOUS, "", 10), []);
});

Deno.test("the views of one person among 100,000 are found page by page", () => {
  const index = new ViewsByPerson();
  const alice: Identity = { user: "oidc:alice", groups: ["oidc:sales"] };
  for (let i = 0; i < 100_000; i++) {
    const name = `view-${String(i).padStart(6, "0")}`;
    const owner = i % 10_000 === 7 ? alice.user : "oidc:bob";
    const groups = i % 10_000 === 8 ? ["oidc:sales"] : [];
    index.changed(name, viewState(undefined, { name, owner, spec: { subsets: [], access: { groups } } }), undefined);
  }
  const found: string[] = [];
  for (let after: string | undefined = ""; after !== undefined;) {
    const page = index.page(alice, after, 3);
    found.push(...page);
    after = page.at(-1);
  }
  deepEqual(found.length, 20);
  deepEqual(found.slice(0, 3), ["view-000007", "view-000008", "view-010007"]);
});
