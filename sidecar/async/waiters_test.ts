import { deepEqual, equal, rejects } from "node:assert/strict";
import { Waiters } from "./waiters.ts";

const never = new AbortController().signal;

Deno.test("a condition that already holds needs no wait", async () => {
  const waiters = new Waiters();
  await waiters.until("a", () => true, never);
  equal(waiters.size, 0);
});

Deno.test("a wait ends at the first wake of its name at which the condition holds", async () => {
  const waiters = new Waiters();
  let state = 0;
  const seen: number[] = [];
  const waiting = waiters.until("a", () => (seen.push(state), state === 2), never);
  for (state of [1, 2, 3]) waiters.wake("a");
  await waiting;
  deepEqual(seen, [0, 1, 2]);
  equal(waiters.size, 0);
});

Deno.test("waking a name wakes nobody who waits for another", async () => {
  const waiters = new Waiters();
  const looks: string[] = [];
  const stop = new AbortController();
  const wait = (name: string) => waiters.until(name, () => looks.push(name) === 0, stop.signal);
  const waiting = [wait("a"), wait("a"), wait("b")];
  looks.length = 0;
  waiters.wake("a");
  deepEqual(looks, ["a", "a"]);
  waiters.wakeAll();
  deepEqual(looks, ["a", "a", "a", "a", "b"]);
  stop.abort(new Error("enough"));
  for (const one of waiting) await rejects(one, /enough/);
  equal(waiters.size, 0);
});

Deno.test("a wait that is aborted, or whose condition throws, keeps no other from its end", async () => {
  const waiters = new Waiters();
  const stop = new AbortController();
  let state = 0;
  const gone = waiters.until("a", () => state > 0, stop.signal);
  const broken = waiters.until("a", () => {
    if (state > 0) throw new Error("a fault");
    return false;
  }, never);
  const patient = waiters.until("a", () => state === 2, never);
  stop.abort(new Error("given up"));
  await rejects(gone, /given up/);
  state = 1;
  waiters.wake("a");
  await rejects(broken, /a fault/);
  equal(waiters.size, 1);
  state = 2;
  waiters.wake("a");
  await patient;
  equal(waiters.size, 0);
});

Deno.test("a signal that has already aborted ends a wait, even if the condition holds", async () => {
  const waiters = new Waiters();
  await rejects(waiters.until("a", () => true, AbortSignal.abort(new Error("late"))), /late/);
});

Deno.test("a signal that aborts after the wait has ended changes nothing", async () => {
  const waiters = new Waiters();
  const stop = new AbortController();
  let holds = false;
  const waiting = waiters.until("a", () => holds, stop.signal);
  holds = true;
  waiters.wake("a");
  stop.abort(new Error("too late"));
  await waiting;
});

Deno.test("one that waits again after a wake waits for the next wake", async () => {
  const waiters = new Waiters();
  let rounds = 0;
  const waiting = (async () => {
    for (let i = 1; i <= 3; i++) await waiters.until("a", () => rounds >= i, never);
  })();
  for (rounds = 1; rounds <= 3; rounds++) {
    waiters.wake("a");
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  await waiting;
  equal(waiters.size, 0);
});
