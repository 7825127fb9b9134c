import { deepEqual, rejects } from "node:assert/strict";
import { Slots } from "./semaphore.ts";

const never = new AbortController().signal;
const turn = () => new Promise((resolve) => setTimeout(resolve));

/** Work that ends when it is told to. */
function work(began: string[], name: string) {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  return { start: () => (began.push(name), promise), end: () => resolve(name), fail: () => reject(new Error(name)) };
}

Deno.test("so many go on at a time, and the others in the order in which they came", async () => {
  const slots = new Slots(2);
  const began: string[] = [];
  const works = ["a", "b", "c", "d"].map((name) => work(began, name));
  const ends = works.map(({ start }) => slots.use(start, never));
  await turn();
  deepEqual(began, ["a", "b"]);
  works[1]!.end();
  await turn();
  deepEqual(began, ["a", "b", "c"]);
  for (const { end } of works) end();
  deepEqual(await Promise.all(ends), ["a", "b", "c", "d"]);
});

Deno.test("work that fails gives its slot up, and so does who waits no longer", async () => {
  const slots = new Slots(1);
  const began: string[] = [];
  const [a, b, c] = ["a", "b", "c"].map((name) => work(began, name));
  const stop = new AbortController();
  const first = slots.use(a!.start, never);
  const second = slots.use(b!.start, stop.signal);
  const third = slots.use(c!.start, never);
  stop.abort(new Error("given up"));
  await rejects(second, /given up/);
  a!.fail();
  await rejects(first, /a/);
  c!.end();
  deepEqual(await third, "c");
  deepEqual(began, ["a", "c"]);
});

Deno.test("a signal that has aborted already takes no slot", async () => {
  const slots = new Slots(1);
  await rejects(slots.use(() => Promise.resolve(), AbortSignal.abort(new Error("too late"))), /too late/);
  deepEqual(await slots.use(() => Promise.resolve("next"), never), "next");
});
