import { equal } from "node:assert/strict";
import { aborted } from "./aborted.ts";

Deno.test("it resolves when the signal aborts, or at once if it has aborted", async () => {
  const stop = new AbortController();
  let resolved = false;
  const waiting = aborted(stop.signal).then(() => resolved = true);
  await Promise.resolve();
  equal(resolved, false);
  stop.abort(new Error("enough"));
  await waiting;
  await aborted(stop.signal);
});
