import { deepEqual, rejects } from "node:assert/strict";
import { Semaphore } from "./semaphore.ts";

const never = new AbortController().signal;
const turn = () => new Promise((resolve) => setTimeout(resolve));

/** Work that the test ends. */
function work(began: string[], name: string) {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  return { start: () => (began.push(name), promise), end: () => resolve(name), fail: () => reject(new Error(name)) };
}

Deno.test("as many run as there are permits, and the others follow in order of arrival", async () => {
  const semaphore = new Semaphore(2);
  const began: string[] = [];
  const works = ["a", "b", "c", "d"].map((name) => work(began, name));
  const ends = works.map(({ start }) => semaphore.use(start, never));
  await turn();
  deepEqual(began, ["a", "b"]);
  works[1]!.end();
  await turn();
  deepEqual(began, ["a", "b", "c"]);
  for (const { end } of works) end();
  deepEqual(await Promise.all(ends), ["a", "b", "c", "d"]);
});

Deno.test("failed work releases its permit, and an aborted wait takes none", async () => {
  const semaphore = new Semaphore(1);
  const began: string[] = [];
  const [a, b, c] = ["a", "b", "c"].map((name) => work(began, name));
  const stop = new AbortController();
  const first = semaphore.use(a!.start, never);
  const second = semaphore.use(b!.start, stop.signal);
  const third = semaphore.use(c!.start, never);
  stop.abort(new Error("given up"));
  await rejects(second, /given up/);
  a!.fail();
  await rejects(first, /a/);
  c!.end();
  deepEqual(await third, "c");
  deepEqual(began, ["a", "c"]);
});

Deno.test("a signal that has already aborted takes no permit", async () => {
  const semaphore = new Semaphore(1);
  await rejects(semaphore.use(() => Promise.resolve(), AbortSignal.abort(new Error("too late"))), /too late/);
  deepEqual(await semaphore.use(() => Promise.resolve("next"), never), "next");
});
