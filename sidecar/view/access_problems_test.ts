import { deepEqual, equal } from "node:assert/strict";
import { leaseBounds } from "./testing/lease_bounds.ts";
import { validateView } from "./validate_view.ts";

/** The pointers of all problems of a spec with this access. */
function problemsOf(access: unknown): readonly string[] {
  const result = validateView("View", { subsets: [], access }, leaseBounds);
  return "errors" in result ? result.errors.map(({ pointer }) => pointer) : [];
}

Deno.test("access names users and groups as Kubernetes does, in any script", () => {
  const users = ["oidc:alice@example.com", "system:serviceaccount:views:ci", "oidc:Zoë Ångström", "用户", "a,b", "🦆"];
  deepEqual(problemsOf({ users, groups: ["oidc:sales", "system:authenticated"], everyone: true }), []);
  deepEqual(problemsOf({}), []);
});

Deno.test("a group has no comma: the view's pod gets its visitor's groups with commas between them", () => {
  deepEqual(problemsOf({ groups: ["sales", "sales,admins"] }), ["/access/groups/1"]);
});

Deno.test("a name has no control character, no line separator, no half of a character, and is not empty", () => {
  for (const name of ["", "a\nb", "a\r", "\0", "a\u0085", "a\u2028b", "a\u2029b", "a\ud83e", "x".repeat(257)]) {
    deepEqual(problemsOf({ users: ["ok", name] }), ["/access/users/1"], JSON.stringify(name));
    deepEqual(problemsOf({ groups: ["ok", name] }), ["/access/groups/1"], JSON.stringify(name));
  }
});

Deno.test("a list has 100 names at most", () => {
  const names = (count: number) => Array.from({ length: count }, (_, i) => `user-${i}`);
  deepEqual(problemsOf({ users: names(100), groups: names(100) }), []);
  deepEqual(problemsOf({ users: names(101) }), ["/access/users"]);
  deepEqual(problemsOf({ groups: names(101) }), ["/access/groups"]);
});

Deno.test("nobody opens a view to all by a name that stands for everybody", () => {
  for (const name of ["system:anonymous", "system:unauthenticated"]) {
    deepEqual(problemsOf({ users: [name] }), ["/access/users/0"]);
    deepEqual(problemsOf({ groups: ["a", name] }), ["/access/groups/1"]);
  }
});

Deno.test("what is no access at all is a mistake, with its place", () => {
  for (const access of [true, "everyone", ["oidc:alice"], null]) deepEqual(problemsOf(access), ["/access"]);
  deepEqual(problemsOf({ everyone: "true", users: "alice", owners: [] }).toSorted(), [
    "/access/everyone",
    "/access/owners",
    "/access/users",
  ]);
  equal(problemsOf({ users: [["oidc:alice"]], groups: [{ name: "sales" }] }).length, 2);
});
