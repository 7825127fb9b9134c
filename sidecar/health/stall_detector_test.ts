import { deepEqual, equal } from "node:assert/strict";
import { Pulse } from "./stall_detector.ts";

function pulse() {
  let now = 0;
  const stop = new AbortController();
  const pulse = new Pulse(() => now, stop.signal);
  return { pulse, pass: (milliseconds: number) => now += milliseconds, [Symbol.dispose]: () => stop.abort() };
}

Deno.test("a process that beats every second or two has not stalled", () => {
  using it = pulse();
  for (let i = 0; i < 20; i++) {
    it.pass(i % 2 === 0 ? 1_000 : 2_500);
    it.pulse.beat();
    equal(it.pulse.stalled, false);
  }
});

Deno.test("a process that has not run for some seconds has stalled, for some seconds more", () => {
  using it = pulse();
  it.pass(20_000);
  const seconds = Array.from({ length: 7 }, () => {
    const { stalled } = it.pulse;
    it.pass(1_000);
    it.pulse.beat();
    return stalled;
  });
  deepEqual(seconds, [true, true, true, true, true, false, false]);
});

Deno.test("that holds whoever looks first: the beat that is late, or what was waited for", () => {
  using it = pulse();
  it.pass(20_000);
  it.pulse.beat();
  it.pass(10);
  it.pulse.beat();
  equal(it.pulse.stalled, true);
});
