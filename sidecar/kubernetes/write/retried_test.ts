import { deepEqual, equal, rejects } from "node:assert/strict";
import { KubernetesError } from "../kubernetes_error.ts";
import { retried } from "./retried.ts";

const never = new AbortController().signal;

/** A request that fails so often with a conflict before it succeeds; and its number of tries. */
function failing(times: number) {
  const pauses: number[] = [];
  const time = { random: () => 1, pause: (milliseconds: number) => Promise.resolve(void pauses.push(milliseconds)) };
  let tries = 0;
  const send = () => {
    if (tries++ < times) throw new KubernetesError("Conflict", "resourcequotas: the object has been modified");
    return Promise.resolve("sent");
  };
  return { time, send: () => Promise.resolve().then(send), pauses, tries: () => tries };
}

Deno.test("a request is sent again after a failure of the kinds that do no harm, with a pause", async () => {
  const { time, send, pauses } = failing(2);
  equal(await retried(time, never, ["Conflict"], send), "sent");
  deepEqual(pauses.length, 2);
});

Deno.test("the third failure counts, and so does the first of another kind", async () => {
  const often = failing(5);
  await rejects(retried(often.time, never, ["Conflict"], often.send), /has been modified/);
  equal(often.tries(), 3);
  const other = failing(1);
  await rejects(retried(other.time, never, ["Unreachable"], other.send), /has been modified/);
  equal(other.tries(), 1);
});
