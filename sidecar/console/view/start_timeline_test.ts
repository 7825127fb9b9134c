import { deepEqual, equal } from "node:assert/strict";
import type { LastStart } from "@view-gateway/types";
import { secondsText, startSentence, startTimeline } from "./start_timeline.ts";

const cold: LastStart = {
  ...{ at: "2026-01-01T00:00:00Z", start: "cold", outcome: "awake" },
  steps: [
    { step: "no pod", seconds: 1 },
    { step: "scheduling", seconds: 0 },
    { step: "creating container", seconds: 2 },
    { step: "connecting", seconds: 1 },
  ],
};

Deno.test("each step is a bar that begins where the former ends, and the shortest can be seen", () => {
  const { total, bars } = startTimeline(cold, 10);
  equal(total, 4);
  deepEqual(bars.map(({ begin, seconds, from, width, state }) => [begin, seconds, from, width, state]), [
    [0, 1, 0, 25, "done"],
    [1, 0, 25, 1, "done"],
    [1, 2, 25, 50, "done"],
    [3, 1, 75, 25, "done"],
  ]);
});

Deno.test("the last step of a start that is under way grows; that of a failed one does not", () => {
  const { total, bars } = startTimeline({ ...cold, outcome: "under way" }, 4);
  deepEqual([total, bars.at(-1)], [8, {
    ...{ step: "connecting", begin: 3, seconds: 5, state: "under way", from: 37.5, width: 62.5 },
  }]);
  const failed = startTimeline({ ...cold, outcome: "failed" }, 4);
  deepEqual([failed.total, failed.bars.map(({ state }) => state)], [4, ["done", "done", "done", "failed"]]);
  equal(startTimeline({ ...cold, outcome: "under way" }, -1).total, 4);
});

Deno.test("no bar leaves the picture, and a start without a time has bars too", () => {
  const late = {
    ...cold,
    steps: [{ step: "no pod", seconds: 9 }, { step: "connecting", seconds: 0 }],
  } satisfies LastStart;
  deepEqual(startTimeline(late, 0).bars.map(({ from, width }) => [from, width]), [[0, 100], [99, 1]]);
  const none = { ...cold, steps: [{ step: "no pod", seconds: 0 }] } satisfies LastStart;
  deepEqual(startTimeline(none, 0).bars.map(({ from, width }) => [from, width]), [[0, 1]]);
  deepEqual(startTimeline({ ...cold, steps: [] }, 5), { total: 0, bars: [] });
});

Deno.test("times have as many digits as people compare", () => {
  deepEqual([0, 0.0004, 0.064, 0.9994, 0.9996, 1, 1.066, 9.994, 9.996, 12.34, 59, 75].map(secondsText), [
    "0 s",
    "0 ms",
    "64 ms",
    "999 ms",
    "1 s",
    "1 s",
    "1.07 s",
    "9.99 s",
    "10 s",
    "12.3 s",
    "59 s",
    "1\u00a0min 15\u00a0s",
  ]);
});

Deno.test("a start is one sentence", () => {
  equal(startSentence({ start: "warm", outcome: "awake" }, 0.056), "Warm start: awake after 56 ms");
  equal(startSentence({ start: "cold", outcome: "failed" }, 3), "Cold start: failed after 3 s");
  equal(startSentence({ outcome: "under way" }, 3), "Start: under way for 3 s");
});
