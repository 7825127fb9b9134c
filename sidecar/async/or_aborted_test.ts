import { equal, rejects } from "node:assert/strict";
import { getEventListeners } from "node:events";
import { orAborted } from "./or_aborted.ts";

const reason = new Error("enough");

Deno.test("what comes first counts: the value, the failure, or the signal's reason", async () => {
  const stop = new AbortController();
  equal(await orAborted(Promise.resolve(1), stop.signal), 1);
  await rejects(orAborted(Promise.reject(new Error("failed")), stop.signal), /failed/);
  const waiting = orAborted(new Promise(() => undefined), stop.signal);
  equal(getEventListeners(stop.signal, "abort").length, 1);
  stop.abort(reason);
  await rejects(waiting, reason);
  equal(getEventListeners(stop.signal, "abort").length, 0);
});

Deno.test("a signal that has aborted counts before a value, and a failure after it is nobody's", async () => {
  const aborted = AbortSignal.abort(reason);
  await rejects(orAborted(Promise.resolve(1), aborted), reason);
  const late = Promise.withResolvers<never>();
  await rejects(orAborted(late.promise, aborted), reason);
  late.reject(new Error("unheard"));
});
