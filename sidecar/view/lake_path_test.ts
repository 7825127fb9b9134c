import { equal } from "node:assert/strict";
import { isAmbiguous, isAmbiguousPrefix } from "./lake_path.ts";

Deno.test("a prefix is ambiguous if a program that normalises paths could change it", () => {
  for (
    const prefix of ["/", "/sales/", "sales//2026/", "//", "a\\b/", ".", "..", "./a/", "a/../b", "a/.", "\0", "\u0085"]
  ) {
    equal(isAmbiguousPrefix(prefix), true, JSON.stringify(prefix));
  }
  for (const prefix of ["", "sales", "sales/", "sales/2026/", ".sales/", "..a/b..", "a b/", "é/", "%2F/", "a:b/"]) {
    equal(isAmbiguousPrefix(prefix), false, JSON.stringify(prefix));
  }
});

Deno.test("a key that ends in a slash is ambiguous too", () => {
  equal(isAmbiguous("sales/".split("/")), true);
  equal(isAmbiguous("sales/2026".split("/")), false);
});
