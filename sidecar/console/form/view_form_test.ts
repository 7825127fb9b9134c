import { deepEqual, equal } from "node:assert/strict";
import { validate } from "@view-gateway/types";
import fc from "fast-check";
import { merged } from "../../view/merge_patch.ts";
import { scopeOf } from "../../view/session_policy.ts";
import { patchOf } from "./spec_patch.ts";
import { terseSpecs, wordySpecs } from "./testing/specs.ts";
import { formOf, namesIn, nextKey, rowOf, specOfForm } from "./view_form.ts";

const DEFAULTS = { idleSeconds: 900, maxLifetimeSeconds: 86_400 };

Deno.test("spec → form → spec is the identity", () => {
  fc.assert(fc.property(terseSpecs, (spec) => deepEqual(specOfForm(formOf("sales", spec, DEFAULTS)), spec)));
});

Deno.test("a form says what the spec means, and a valid one", () => {
  fc.assert(fc.property(wordySpecs, (spec) => {
    const said = specOfForm(formOf("sales", spec, DEFAULTS));
    deepEqual(said.subsets.map(scopeOf), spec.subsets.map(scopeOf));
    deepEqual(validate("View", structuredClone(said)), { value: said });
  }));
});

Deno.test("who changes nothing sends nothing, however the spec was written", () => {
  fc.assert(
    fc.property(wordySpecs, (spec) => deepEqual(patchOf(spec, formOf("sales", spec, DEFAULTS), DEFAULTS), {})),
  );
});

Deno.test("the patch makes the spec say what the form says", () => {
  fc.assert(fc.property(wordySpecs, terseSpecs, (base, wanted) => {
    const form = formOf("sales", wanted, DEFAULTS);
    const changed = merged(base, patchOf(base, form, DEFAULTS)) as typeof base;
    deepEqual(specOfForm(formOf("sales", changed, DEFAULTS)), wanted);
  }));
});

Deno.test("a patch names only what has changed, and takes away who may no longer open the view", () => {
  const base = {
    subsets: [{ bucket: "lake", access: "read" as const }],
    access: { users: ["oidc:anna"], everyone: true },
  };
  const form = formOf("sales", base, DEFAULTS);
  deepEqual(patchOf(base, { ...form, users: "", groups: "oidc:sales" }, DEFAULTS), {
    access: { groups: ["oidc:sales"], everyone: true, users: null },
  });
  deepEqual(patchOf(base, { ...form, users: " ", everyone: false }, DEFAULTS), { access: null });
  deepEqual(patchOf(base, { ...form, idle: { isOwn: true, amount: "5", unit: "minutes" } }, DEFAULTS), {
    idleSeconds: 300,
  });
});

Deno.test("a time that is the gateway's default shows the default, and is not sent", () => {
  const form = formOf("sales", { subsets: [] }, DEFAULTS);
  deepEqual(form.idle, { isOwn: false, amount: "15", unit: "minutes" });
  deepEqual(specOfForm(form), { subsets: [] });
});

Deno.test("names are one a line", () => {
  deepEqual(namesIn(" oidc:anna \r\n\n oidc:bob of sales\n"), ["oidc:anna", "oidc:bob of sales"]);
});

Deno.test("a new row has a key that no other has", () => {
  equal(nextKey([]), 0);
  equal(nextKey([rowOf({ bucket: "lake" }, 4), rowOf({ bucket: "lake" }, 1)]), 5);
});
