import { deepEqual, equal } from "node:assert/strict";
import { EndpointsRefusedError } from "../envoy/endpoint_acks.ts";
import type { ViewPhase, ViewState } from "../view/state.ts";
import { viewState } from "../view/testing/view_state.ts";
import { LastStarts } from "./last_starts.ts";

const ZERO = Date.parse("2026-01-01T00:00:00Z");
const asleep = viewState();
const inPhase = (phase: ViewPhase, name = "hello") =>
  viewState(phase, { name, attempt: { createdAt: "2026-01-01T00:00:00Z", failures: 0 } });
const starting = (name?: string) => inPhase({ kind: "starting", job: "job-1", step: "no pod" }, name);
const awake = inPhase({ kind: "awake", job: "job-1", serving: [] });

/** What is remembered of views that a test changes, and an Envoy that the test lets answer. */
function start(limit?: number) {
  const clock = { milliseconds: 0 };
  const asked: { readonly view: string; readonly signal: AbortSignal; readonly answer: PromiseWithResolvers<void> }[] =
    [];
  const faults: string[] = [];
  const starts = new LastStarts({
    acks: {
      untilAcked: (view, signal) => {
        const answer = Promise.withResolvers<void>();
        signal.addEventListener("abort", () => answer.reject(signal.reason));
        asked.push({ view, signal, answer });
        return answer.promise;
      },
    },
    now: () => ZERO + clock.milliseconds,
    onFault: (view, error) => faults.push(`${view}: ${(error as Error).message}`),
    ...limit !== undefined && { limit },
  });
  const before = new Map<string, ViewState | undefined>();
  const change = (milliseconds: number, after: ViewState | undefined, name = after?.name ?? "hello") => {
    clock.milliseconds = milliseconds;
    starts.changed(name, after, before.get(name));
    before.set(name, after);
  };
  const told = () => {
    const last = starts.get(asleep);
    return last && [last.outcome, ...last.steps.map(({ step, seconds }) => `${step} ${seconds}`)];
  };
  return { starts, clock, asked, faults, change, told };
}

const turn = () => new Promise((resolve) => setTimeout(resolve));

Deno.test("a start ends when Envoy has taken the view's endpoints", async () => {
  const { change, asked, clock, told } = start();
  change(0, asleep);
  change(100, starting());
  equal(asked.length, 0);
  change(900, awake);
  deepEqual(told(), ["under way", "no pod 0.8", "connecting 0"]);
  clock.milliseconds = 907;
  asked[0]?.answer.resolve();
  await turn();
  clock.milliseconds = 5_000;
  deepEqual(told(), ["awake", "no pod 0.8", "connecting 0.007"]);
  equal(asked.length, 1);
});

Deno.test("a view whose endpoints Envoy refuses has not started at this gateway", async () => {
  const { change, asked, told, faults } = start();
  change(0, asleep);
  change(0, starting());
  change(0, awake);
  asked[0]?.answer.reject(new EndpointsRefusedError("no such port"));
  await turn();
  deepEqual([told()?.[0], faults], ["failed", []]);
});

Deno.test("nobody waits for Envoy once the view has fallen asleep, is deleted, or the sidecar stops", async () => {
  for (const end of [asleep, undefined, "stop"] as const) {
    const { starts, change, asked, faults } = start();
    change(0, asleep);
    change(0, starting());
    change(0, awake);
    equal(asked[0]?.signal.aborted, false);
    if (end === "stop") await starts.stop();
    else change(1, end);
    equal(asked[0]?.signal.aborted, true);
    await turn();
    deepEqual(faults, []);
  }
});

Deno.test("another error of a wait reaches onFault", async () => {
  const { change, asked, faults } = start();
  change(0, asleep);
  change(0, starting());
  change(0, awake);
  asked[0]?.answer.reject(new Error("a fault"));
  await turn();
  deepEqual(faults, ["hello: a fault"]);
});

Deno.test("views that are awake when the gateway begins to watch do not wait for Envoy", () => {
  const { change, asked, told } = start();
  change(0, awake);
  deepEqual([told(), asked.length], [["awake"], 0]);
});

Deno.test("a view that has fallen asleep keeps its last start; a deleted view, and one of its name, have none", () => {
  const { starts, change } = start();
  change(0, asleep);
  change(0, starting());
  change(10, asleep);
  equal(starts.get(asleep)?.outcome, "failed");
  equal(starts.get({ ...asleep, uid: "service-2" }), undefined);
  change(20, undefined);
  equal(starts.size, 0);
});

Deno.test("the gateway remembers a limited number of starts, and views that sleep take none", () => {
  const { starts, change } = start(3);
  for (const name of ["a", "b", "c", "d"]) {
    change(0, viewState(undefined, { name }));
    equal(starts.size, Math.min(3, name.charCodeAt(0) - 97));
    change(1, starting(name));
  }
  const isKnown = () => ["a", "b", "c", "d"].map((name) => starts.get({ ...asleep, name }) !== undefined);
  deepEqual(isKnown(), [false, true, true, true]);
  change(2, inPhase({ kind: "awake", job: "job-1", serving: [] }, "a"));
  deepEqual(isKnown(), [false, true, true, true], "a start that is forgotten does not come back in its middle");
});
