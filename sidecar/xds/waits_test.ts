import { deepEqual, equal, rejects } from "node:assert/strict";
import { Waits } from "./waits.ts";

const never = new AbortController().signal;

Deno.test("what holds already is not waited for", async () => {
  const waits = new Waits();
  await waits.until("a", () => true, never);
  equal(waits.size, 0);
});

Deno.test("a wait ends at the wake of its name at which it is done", async () => {
  const waits = new Waits();
  let done = false;
  const waited = waits.until("a", () => done, never);
  waits.wake("a");
  equal(waits.size, 1);
  done = true;
  waits.wake("a");
  await waited;
  equal(waits.size, 0);
});

Deno.test("a name that is woken wakes nobody else", async () => {
  const waits = new Waits();
  const looks: string[] = [];
  const stop = new AbortController();
  const wait = (name: string) => waits.until(name, () => looks.push(name) === 0, stop.signal);
  const waited = [wait("a"), wait("a"), wait("b")];
  looks.length = 0;
  waits.wake("a");
  deepEqual(looks, ["a", "a"]);
  waits.wakeAll();
  deepEqual(looks, ["a", "a", "a", "a", "b"]);
  stop.abort(new Error("enough"));
  for (const one of waited) await rejects(one, /enough/);
  equal(waits.size, 0);
});

Deno.test("a wait ends with what it throws, and the others of its name go on", async () => {
  const waits = new Waits();
  let refused = false;
  const failing = waits.until("a", () => {
    if (refused) throw new Error("refused");
    return false;
  }, never);
  const other = waits.until("a", () => refused, never);
  refused = true;
  waits.wake("a");
  await rejects(failing, /refused/);
  await other;
  equal(waits.size, 0);
});

Deno.test("a signal that is aborted already ends a wait, whatever holds", async () => {
  const waits = new Waits();
  await rejects(waits.until("a", () => true, AbortSignal.abort(new Error("late"))), /late/);
});

Deno.test("whoever waits anew when woken waits for the next wake", async () => {
  const waits = new Waits();
  let rounds = 0;
  const waited = (async () => {
    for (let i = 1; i <= 3; i++) await waits.until("a", () => rounds >= i, never);
  })();
  for (rounds = 1; rounds <= 3; rounds++) {
    waits.wake("a");
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  await waited;
  equal(waits.size, 0);
});
