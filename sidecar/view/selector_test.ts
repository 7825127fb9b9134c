import { deepEqual, equal } from "node:assert/strict";
import { requiredLabels } from "./selector.ts";

Deno.test("the label's existence asks for no further labels", () => {
  deepEqual(requiredLabels("view.yolean.se/name"), {});
});

Deno.test("key=value pairs are what a view's objects must carry", () => {
  deepEqual(requiredLabels("view.yolean.se/name, team=sales,tier==gold"), { team: "sales", tier: "gold" });
});

Deno.test("a selector that does not say which labels to give is refused", () => {
  for (const selector of ["", "team in (a,b)", "!team", "team!=a", "team=", "a,,b"]) {
    equal(requiredLabels(selector), undefined, selector);
  }
});
