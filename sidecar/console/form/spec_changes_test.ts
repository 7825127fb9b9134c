import { deepEqual } from "node:assert/strict";
import type { View } from "@view-gateway/types";
import fc from "fast-check";
import { foreignChanges, rebased } from "./spec_changes.ts";
import { patchOf } from "./spec_patch.ts";
import { DEFAULT_LIMITS } from "./testing/limits.ts";
import { terseSpecs, wordySpecs } from "./testing/specs.ts";
import { formOf, specOfForm } from "./view_form.ts";

const { times } = DEFAULT_LIMITS;
const form = (spec: View) => formOf("sales", spec, times);
const changes = (mine: View, base: View, latest: View) =>
  foreignChanges(form(mine), base, latest, times).map(({ text, isMine }) => (isMine ? "[mine] " : "") + text);

Deno.test("who has changed nothing gets the latest version", () => {
  fc.assert(fc.property(wordySpecs, wordySpecs, (base, latest) => {
    const next = rebased(form(base), base, latest, times);
    deepEqual(specOfForm(next), specOfForm(form(latest)));
    deepEqual(patchOf(latest, next, times), {});
  }));
});

Deno.test("where nobody else has changed anything, the form stays and there is nothing to tell", () => {
  fc.assert(fc.property(terseSpecs, wordySpecs, (mine, base) => {
    deepEqual(specOfForm(rebased(form(mine), base, base, times)), mine);
    deepEqual(changes(mine, base, base), []);
  }));
});

Deno.test("changes of different things come together", () => {
  const base: View = { subsets: [], idleSeconds: 60, access: { users: ["oidc:anna"] } };
  const mine = { ...base, idleSeconds: 120 };
  const latest: View = { ...base, template: "duckdb", access: { users: ["oidc:anna"], everyone: true } };
  deepEqual(specOfForm(rebased(form(mine), base, latest, times)), { ...latest, idleSeconds: 120 });
});

Deno.test("each change of others is told, and whether the form changes the same", () => {
  const base: View = {
    subsets: [{ bucket: "lake", prefix: "a/" }, { bucket: "lake", prefix: "b/" }],
    template: "default",
    access: { users: ["oidc:anna"], everyone: true },
  };
  const latest: View = {
    subsets: [{ bucket: "lake", prefix: "b/", access: "readwrite" }, { bucket: "lake" }],
    idleSeconds: 300,
    maxLifetimeSeconds: 7_200,
    access: { users: ["oidc:bob"], groups: ["oidc:sales"] },
    public: true,
  };
  deepEqual(changes({ ...base, idleSeconds: 60, access: latest.access! }, base, latest), [
    "The template was default, and is the default.",
    "Subset lake/ was added.",
    "Subset lake/a/ was removed.",
    "Subset lake/b/ is now for reading and writing.",
    "[mine] It slept after the gateway's default time, and sleeps after 5 minutes.",
    "It ended after the gateway's default time, and ends after 2 hours.",
    "User oidc:bob may open it.",
    "User oidc:anna may not open it any more.",
    "Group oidc:sales may open it.",
    "Not everyone may open it any more.",
    "It is public.",
  ]);
});

Deno.test("another order is told too: the API has another version", () => {
  const base: View = { subsets: [{ bucket: "a" }, { bucket: "b" }], access: { groups: ["x", "y"] } };
  const latest: View = { subsets: [{ bucket: "b" }, { bucket: "a" }], access: { groups: ["y", "x"] } };
  deepEqual(changes(base, base, latest), ["The subsets have another order.", "The groups have another order."]);
});
