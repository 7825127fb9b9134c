import { deepEqual, equal } from "node:assert/strict";
import { StallDetector } from "./stall_detector.ts";

function start() {
  let now = 0;
  const detector = new StallDetector(() => now);
  return { detector, pass: (milliseconds: number) => now += milliseconds };
}

Deno.test("a process that beats every second or two has not stalled", () => {
  const it = start();
  for (let i = 0; i < 20; i++) {
    it.pass(i % 2 === 0 ? 1_000 : 2_500);
    it.detector.beat();
    equal(it.detector.stalled, false);
  }
});

Deno.test("a process that did not run for some seconds has stalled, and counts as stalled for some seconds more", () => {
  const it = start();
  it.pass(20_000);
  const seconds = Array.from({ length: 7 }, () => {
    const { stalled } = it.detector;
    it.pass(1_000);
    it.detector.beat();
    return stalled;
  });
  deepEqual(seconds, [true, true, true, true, true, false, false]);
});

Deno.test("a stall is noticed by a late beat, as by a look after it", () => {
  const it = start();
  it.pass(20_000);
  it.detector.beat();
  it.pass(10);
  it.detector.beat();
  equal(it.detector.stalled, true);
});

Deno.test("it beats by itself until it is stopped", async () => {
  const { detector, pass } = start();
  const stop = new AbortController();
  const pauses: number[] = [];
  await detector.run((milliseconds) => {
    pauses.push(milliseconds);
    pass(milliseconds);
    if (pauses.length === 20) stop.abort();
    return Promise.resolve();
  }, stop.signal);
  equal(pauses.length, 20);
  equal(detector.stalled, false);
});
