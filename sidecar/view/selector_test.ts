import { deepEqual, equal } from "node:assert/strict";
import { requiredLabels } from "./selector.ts";

Deno.test("a bare key requires no labels", () => {
  deepEqual(requiredLabels("view.yolean.se/name"), {});
});

Deno.test("key=value pairs are required labels", () => {
  deepEqual(requiredLabels("view.yolean.se/name, team=sales,tier==gold"), { team: "sales", tier: "gold" });
});

Deno.test("a selector from which no labels can be derived is refused", () => {
  for (const selector of ["", "team in (a,b)", "!team", "team!=a", "team=", "a,,b"]) {
    equal(requiredLabels(selector), undefined, selector);
  }
});
