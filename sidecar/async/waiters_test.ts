import { deepEqual, equal, rejects } from "node:assert/strict";
import { Waiters } from "./waiters.ts";

const never = new AbortController().signal;

Deno.test("who waits gets the first state that fits, of the thing that it waits for", async () => {
  const waiters = new Waiters<number>();
  const looked: (number | undefined)[] = [];
  const waiting = waiters.until("a", (state) => (looked.push(state), state === 3), never);
  waiters.tell("b", 3);
  for (const state of [1, undefined, 3, 4]) waiters.tell("a", state);
  equal(await waiting, 3);
  deepEqual(looked, [1, undefined, 3]);
});

Deno.test("one that gives up, or whose condition throws, keeps no other from its state", async () => {
  const waiters = new Waiters<number>();
  const stop = new AbortController();
  const gone = waiters.until("a", () => true, stop.signal);
  const broken = waiters.until("a", () => {
    throw new Error("a fault");
  }, never);
  const patient = waiters.until("a", (state) => state === 2, never);
  stop.abort(new Error("given up"));
  await rejects(gone, /given up/);
  waiters.tell("a", 1);
  await rejects(broken, /a fault/);
  waiters.tell("a", 2);
  equal(await patient, 2);
});

Deno.test("a signal that aborts after the state has come changes nothing", async () => {
  const waiters = new Waiters<number>();
  const stop = new AbortController();
  const waiting = waiters.until("a", () => true, stop.signal);
  waiters.tell("a", 1);
  stop.abort();
  equal(await waiting, 1);
});
