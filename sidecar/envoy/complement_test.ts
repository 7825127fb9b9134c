import { equal } from "node:assert/strict";
import { RE2JS } from "re2js";
import { allBut } from "./complement.ts";
import { patternProblem } from "./pattern.ts";
import { SENT, SHOWN } from "./s3_headers.ts";

/** As Envoy does: the whole text has to match. */
const matching = (names: readonly string[]) => {
  const pattern = RE2JS.compile(allBut(names));
  return (text: string) => pattern.matches(text);
};

Deno.test("a pattern for all but some names matches their beginnings and what goes on from them, and not them", () => {
  const names = ["if", "if-match", "range", "etag", "x.y"];
  const matches = matching(names);
  for (const name of names) equal(matches(name), false, name);
  for (
    const other of ["i", "if-", "if-matc", "if-match-", "ranges", "rang", "range ", "xay", "x", "z", "-", "IF", "é"]
  ) {
    equal(matches(other), true, other);
  }
});

Deno.test("of all names that differ in one character from one in the list, those in the list alone do not match", () => {
  for (const names of [SENT, SHOWN]) {
    const matches = matching(names);
    const chars = [..."abcdefghijklmnopqrstuvwxyz0123456789-_:.*"];
    for (const name of names) {
      for (let i = 0; i <= name.length; i++) {
        const [before, after] = [name.slice(0, i), name.slice(i)];
        const near = [
          before + after.slice(1),
          ...chars.flatMap((c) => [before + c + after, before + c + after.slice(1)]),
        ];
        for (const text of near.filter((text) => text !== "")) equal(matches(text), !names.includes(text), text);
      }
    }
  }
});

Deno.test("Envoy takes the patterns of the lake's headers: they are no larger than a pattern may be", () => {
  for (const names of [SENT, SHOWN]) equal(patternProblem(allBut(names)), undefined);
});
