import { deepEqual, equal, rejects } from "node:assert/strict";
import type { Unreviewed } from "../kubernetes/review/reviews.ts";
import { ANSWER_COUNTS, ReviewCache, type ReviewOutcome, STANDS_IN } from "./review_cache.ts";

type Answer = { readonly kind: "allowed" | "denied" };

const ALLOWED: Answer = { kind: "allowed" };
const DENIED: Answer = { kind: "denied" };
const AWAY: Unreviewed = { kind: "unknown", detail: "It is away.", message: "ECONNREFUSED" };

/** A cache whose clock stands still, in front of a Kubernetes that gives these answers, the last one again and again. */
function startCache(...answers: readonly (Answer | Unreviewed | Promise<Answer>)[]) {
  const stop = new AbortController();
  const outcomes: ReviewOutcome[] = [];
  let now = 1_000;
  let asked = 0;
  const cache = new ReviewCache<Answer>({
    isGood: ({ kind }) => kind === "allowed",
    onOutcome: (outcome) => outcomes.push(outcome),
    clock: () => now,
    signal: stop.signal,
    limit: 3,
  });
  const ask = () => Promise.resolve(answers[Math.min(asked++, answers.length - 1)]!);
  return {
    cache,
    outcomes,
    stop,
    asked: () => asked,
    pass: (milliseconds: number) => now += milliseconds,
    get: async (key: unknown = "a", signal = stop.signal) => (await cache.get([key], ask, signal)).kind,
  };
}

Deno.test("an answer counts for seconds, good or bad, and each key has its own", async () => {
  const { get, pass, outcomes } = startCache(ALLOWED, DENIED, DENIED, ALLOWED);
  deepEqual([await get(), await get(), await get("b"), await get("b")], ["allowed", "allowed", "denied", "denied"]);
  pass(ANSWER_COUNTS - 1);
  equal(await get(), "allowed");
  pass(1);
  deepEqual([await get(), await get("b")], ["denied", "allowed"]);
  deepEqual(outcomes, ["asked", "cached", "asked", "cached", "cached", "asked", "asked"]);
});

Deno.test("equal questions at the same time are one question, which goes on when one of them is aborted", async () => {
  const { promise, resolve } = Promise.withResolvers<Answer>();
  const { get, asked } = startCache(promise);
  const leaving = new AbortController();
  const left = get("a", leaving.signal);
  const others = Array.from({ length: 10 }, () => get());
  leaving.abort(new Error("gone"));
  await rejects(left, /gone/);
  resolve(ALLOWED);
  deepEqual(await Promise.all(others), Array(10).fill("allowed"));
  equal(asked(), 1);
});

Deno.test("a good answer stands in for an hour while Kubernetes gives none, and a bad one does not", async () => {
  const { get, pass, outcomes } = startCache(ALLOWED, DENIED, AWAY);
  deepEqual([await get(), await get("b")], ["allowed", "denied"]);
  pass(ANSWER_COUNTS);
  deepEqual([await get(), await get("b"), await get("c")], ["allowed", "unknown", "unknown"]);
  pass(STANDS_IN - ANSWER_COUNTS - 1);
  equal(await get(), "allowed");
  pass(1);
  equal(await get(), "unknown");
  deepEqual(outcomes.slice(2), ["stale", "failed", "failed", "stale", "failed"]);
});

Deno.test("after no answer there is no question for a second, and then the next answer counts", async () => {
  const { get, pass, asked } = startCache(AWAY, DENIED);
  deepEqual([await get(), await get(), asked()], ["unknown", "unknown", 1]);
  pass(1_000);
  deepEqual([await get(), asked()], ["denied", 2]);
});

Deno.test("the number of answers is bounded: the one that was asked longest ago goes", async () => {
  const { cache, get, asked } = startCache(ALLOWED);
  for (const key of ["a", "b", "c", "d"]) await get(key);
  equal(cache.size, 3);
  await get("d");
  equal(asked(), 4);
  await get("a");
  equal(asked(), 5);
});

Deno.test("strangers push out no good answer, whatever they ask for", async () => {
  const { get, pass, cache } = startCache(ALLOWED, ALLOWED, DENIED, DENIED, DENIED, DENIED, AWAY);
  deepEqual([await get("alice"), await get("bob")], ["allowed", "allowed"]);
  for (const invented of ["1", "2", "3", "4"]) equal(await get(invented), "denied");
  pass(ANSWER_COUNTS);
  for (const invented of ["5", "6", "7", "8"]) equal(await get(invented), "unknown");
  deepEqual([await get("alice"), await get("bob"), cache.size], ["allowed", "allowed", 5]);
});

Deno.test("a question about a known user does not wait behind questions about unknown ones", async () => {
  const { cache, stop, get, pass } = startCache(ALLOWED, DENIED);
  await get("alice");
  pass(ANSWER_COUNTS);
  const never = (signal: AbortSignal) =>
    new Promise<Answer>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  const invented = Array.from({ length: 200 }, (_, i) => cache.get([`invented ${i}`], never, stop.signal));
  equal(await get("alice"), "denied");
  stop.abort(new Error("over"));
  for (const one of await Promise.allSettled(invented)) equal(one.status, "rejected");
});

Deno.test("no question outlives the sidecar", async () => {
  const { cache, stop } = startCache(ALLOWED);
  const asking = cache.get(
    ["a"],
    (signal) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    new AbortController().signal,
  );
  stop.abort(new Error("over"));
  await rejects(asking, /over/);
});
