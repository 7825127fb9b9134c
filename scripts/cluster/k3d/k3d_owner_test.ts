import { equal, match, notEqual } from "node:assert/strict";
import { ownerOf } from "./k3d_owner.ts";

Deno.test("an owner is the same tomorrow, and another in another directory or on another machine", () => {
  const owner = ownerOf("/home/a/.cache", "laptop");
  equal(ownerOf("/home/a/.cache", "laptop"), owner);
  notEqual(ownerOf("/home/b/.cache", "laptop"), owner);
  notEqual(ownerOf("/home/a/.cache", "server"), owner);
  // A value that k3d's command line leaves as it is.
  match(owner, /^[0-9a-f]{16}$/);
});
