import { equal, rejects } from "node:assert/strict";
import { getEventListeners } from "node:events";
import { orAborted } from "./or_aborted.ts";

const reason = new Error("enough");

Deno.test("the first of value, failure and abort counts", async () => {
  const stop = new AbortController();
  equal(await orAborted(Promise.resolve(1), stop.signal), 1);
  await rejects(orAborted(Promise.reject(new Error("failed")), stop.signal), /failed/);
  const waiting = orAborted(new Promise(() => undefined), stop.signal);
  equal(getEventListeners(stop.signal, "abort").length, 1);
  stop.abort(reason);
  await rejects(waiting, reason);
  equal(getEventListeners(stop.signal, "abort").length, 0);
});

Deno.test("an aborted signal counts before a value, and a later failure is ignored", async () => {
  const aborted = AbortSignal.abort(reason);
  await rejects(orAborted(Promise.resolve(1), aborted), reason);
  const late = Promise.withResolvers<never>();
  await rejects(orAborted(late.promise, aborted), reason);
  late.reject(new Error("unheard"));
});
