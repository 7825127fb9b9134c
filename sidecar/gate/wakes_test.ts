import { deepEqual, equal } from "node:assert/strict";
import type { StartKind, ViewPhase } from "../view/state.ts";
import { viewState } from "../view/testing/view_state.ts";
import { Wakes } from "./wakes.ts";

const asleep = viewState({ kind: "asleep", ended: undefined });
const awake: ViewPhase = { kind: "awake", job: "job-1", serving: [] };

function started() {
  const told: string[] = [];
  let time = 0;
  let start: StartKind | undefined = "cold";
  const wakes = new Wakes({
    view: () => viewState(awake, start && { start }),
    onWake: (start, milliseconds) => told.push(`${start} after ${milliseconds} ms`),
    now: () => time,
  });
  return { wakes, told, at: (to: number) => time = to, starts: (kind: StartKind | undefined) => start = kind };
}

Deno.test("a wake lasts from its first request to the first that passes, and is told once", () => {
  const { wakes, told, at } = started();
  const first = wakes.join(asleep)!;
  at(100);
  const second = wakes.join(viewState({ kind: "starting", job: "job-1", step: "scheduling" }))!;
  at(250);
  const third = wakes.join(viewState(awake))!;
  wakes.leave(second, true);
  at(260);
  wakes.leave(first, true);
  wakes.leave(third, true);
  deepEqual(told, ["cold after 250 ms"]);
});

Deno.test("a wake tells how the view has started", () => {
  const { wakes, told, at, starts } = started();
  starts("warm");
  const wake = wakes.join(asleep)!;
  at(30);
  wakes.leave(wake, true);
  deepEqual(told, ["warm after 30 ms"]);
});

Deno.test("a request for a view that is awake is no part of a wake", () => {
  const { wakes } = started();
  equal(wakes.join(viewState(awake)), undefined);
});

Deno.test("a wake that all requests leave is forgotten, and the next one begins anew", () => {
  const { wakes, told, at } = started();
  const [first, second] = [wakes.join(asleep)!, wakes.join(asleep)!];
  wakes.leave(first, false);
  at(400);
  wakes.leave(second, false);
  at(1_000);
  const next = wakes.join(asleep)!;
  at(1_200);
  wakes.leave(next, true);
  deepEqual(told, ["cold after 200 ms"]);
});

Deno.test("a view that sleeps again has another wake, while requests of the last one are still being answered", () => {
  const { wakes, told, at } = started();
  const [first, slow] = [wakes.join(asleep)!, wakes.join(asleep)!];
  at(100);
  wakes.leave(first, true);
  const next = wakes.join(asleep)!;
  at(150);
  wakes.leave(slow, true);
  at(200);
  wakes.leave(next, true);
  deepEqual(told, ["cold after 100 ms", "cold after 100 ms"]);
});

Deno.test("a wake of which nobody knows how it started is not told", () => {
  const { wakes, told, starts } = started();
  starts(undefined);
  wakes.leave(wakes.join(asleep)!, true);
  deepEqual(told, []);
});
