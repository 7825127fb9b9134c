import { deepEqual } from "node:assert/strict";
import { problemIn, startApi, viewNamed } from "./testing/views_api.ts";

Deno.test("a body with misspelt members is refused, and the right ones are suggested", async () => {
  const { post, patch } = startApi(viewNamed("hello"));
  const created = await post({ name: "sales", subsets: [], idleSecond: 60, access: { group: ["a"] } });
  deepEqual(problemIn(created, 422, "invalid-view").errors, [
    { pointer: "/idleSecond", detail: "is not known: did you mean idleSeconds?" },
    { pointer: "/access/group", detail: "is not known: did you mean groups?" },
  ]);
  const changed = await patch("hello", { acces: { everyone: true } });
  deepEqual(problemIn(changed, 422, "invalid-view").errors, [
    { pointer: "/acces", detail: "is not known: did you mean access?" },
  ]);
});

Deno.test("a member that only answers have is told to be the gateway's", async () => {
  const { post } = startApi();
  const { errors } = problemIn(await post({ name: "sales", subsets: [], phase: "awake" }), 422, "invalid-view");
  deepEqual(errors, [{ pointer: "/phase", detail: "is the gateway's, and nobody can set it" }]);
});
