import { equal } from "node:assert/strict";
import { aborted } from "./aborted.ts";

Deno.test("it resolves when the signal aborts, or at once where it has", async () => {
  const stop = new AbortController();
  let told = false;
  const waiting = aborted(stop.signal).then(() => told = true);
  await Promise.resolve();
  equal(told, false);
  stop.abort(new Error("enough"));
  await waiting;
  await aborted(stop.signal);
});
