import { equal, match, ok } from "node:assert/strict";
import { validate } from "@view-gateway/types";
import fc from "fast-check";
import { closestName, nameMistake, unfinishedNameMistake, urlOfView } from "./view_name.ts";

const isValid = (name: string) => "value" in validate("CreateView", { name, subsets: [] });
const anyName = fc.oneof(
  fc.string({ unit: fc.constantFrom("a", "z", "0", "-", "A", "_", " ", "é", "."), maxLength: 6 }),
  fc.string({ unit: fc.constantFrom("a", "-", "7"), minLength: 55, maxLength: 70 }),
);

Deno.test("the form finds a mistake in just the names that the API refuses", () => {
  fc.assert(fc.property(anyName, (name) => equal(nameMistake(name) === undefined, isValid(name), name)));
});

Deno.test("the name that the form suggests is one that the API accepts", () => {
  fc.assert(fc.property(fc.oneof(anyName, fc.string({ unit: "binary" })), (name) => {
    const close = closestName(name);
    ok(close === undefined || isValid(close), close);
  }));
});

Deno.test("a mistake says what to write instead", () => {
  match(nameMistake("Sales 2025") ?? "", /only small letters a to z, digits and hyphens\. sales-2025 would do/);
  match(nameMistake("2025-sales") ?? "", /begin with a letter\. view-2025-sales would do/);
  match(nameMistake("Umsätze") ?? "", /umsatze would do/);
  match(nameMistake("日本") ?? "", /digits and hyphens$/);
  match(nameMistake("a".repeat(64)) ?? "", /has 64 characters, and may have 63/);
});

Deno.test("nobody is told that a name ends with a hyphen while they type it", () => {
  equal(unfinishedNameMistake("sales-"), undefined);
  equal(unfinishedNameMistake(""), undefined);
  match(unfinishedNameMistake("Sales-") ?? "", /small letters/);
  match(unfinishedNameMistake("-") ?? "", /begin with a letter/);
  match(unfinishedNameMistake("a".repeat(63) + "-") ?? "", /63 at most/);
});

Deno.test("a view's URL has the scheme and the port of the page's", () => {
  equal(urlOfView("sales", "http://localhost:8080"), "http://sales.localhost:8080/");
  equal(urlOfView("sales", "https://views.example.com"), "https://sales.views.example.com/");
});
