import { equal } from "node:assert/strict";
import { listAddress, watchAddress } from "./list_address.ts";

Deno.test("the address of a list has its filters, and nothing empty", () => {
  equal(listAddress({}), "/");
  equal(listAddress({ q: "", phase: "awake" }), "/?phase=awake");
  equal(listAddress({ q: "a&b", after: "c" }), "/?q=a%26b&after=c");
});

Deno.test("changes are followed with the filters of the list, on whatever page it is", () => {
  equal(watchAddress({}), "/_api/views?watch");
  equal(watchAddress({ owner: "oidc:alice", after: "c" }), "/_api/views?watch&owner=oidc%3Aalice");
});
