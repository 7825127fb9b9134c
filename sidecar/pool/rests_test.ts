import { deepEqual, equal } from "node:assert/strict";
import { Rests } from "./rests.ts";

function start() {
  let now = 0;
  const rests = new Rests(() => now);
  return { rests, after: (seconds: number) => void (now += seconds * 1000) };
}

Deno.test("what fails again rests twice as long, up to five minutes", () => {
  const { rests, after } = start();
  const lengths = Array.from({ length: 7 }, () => {
    rests.failed("a");
    let seconds = 0;
    for (; rests.isResting("a"); seconds++) after(1);
    return seconds;
  });
  deepEqual(lengths, [10, 20, 40, 80, 160, 300, 300]);
});

Deno.test("many failures at once are one", () => {
  const { rests, after } = start();
  for (let i = 0; i < 20; i++) rests.failed("a");
  after(10);
  equal(rests.isResting("a"), false);
});

Deno.test("a success ends the rest, and the next failure is a first one", () => {
  const { rests, after } = start();
  rests.failed("a");
  after(10);
  rests.failed("a");
  rests.worked("a");
  equal(rests.isResting("a"), false);
  rests.failed("a");
  after(10);
  equal(rests.isResting("a"), false);
});

Deno.test("one rests without the others, and what is gone is forgotten", () => {
  const { rests } = start();
  rests.failed("a");
  rests.failed("b");
  equal(rests.isResting("c"), false);
  rests.retain(new Set(["b"]));
  deepEqual([rests.isResting("a"), rests.isResting("b")], [false, true]);
});
