import { deepEqual, equal, rejects } from "node:assert/strict";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import type { StartRecord } from "../view/start_record.ts";
import type { StartKind } from "../view/state.ts";
import { type HoldEnd, StartTraces } from "./start_traces.ts";
import { tracerOf } from "./tracing.ts";

const parentOf = (trace: number, flags = "01") => `00-${String(trace).padStart(32, "0")}-00f067aa0ba902b7-${flags}`;
const PASS: HoldEnd = { view: "hello", outcome: "pass", reason: undefined, failed: false };
const WAITING: HoldEnd = { ...PASS, outcome: "waiting" };

const recordOf = (job: string): StartRecord => ({
  ...{ view: "view-1", job, at: 0, outcome: "awake" },
  steps: [{ step: "no pod", at: 0, seen: true }],
  end: { at: 1e12, seen: true },
});
const startOf = (job: string) => ({ record: recordOf(job), reason: undefined, times: undefined });

/** Traces whose spans the test sees, with a clock and a start that the test sets. */
function begin(limit?: number) {
  const spans: ReadableSpan[] = [];
  const nothing = () => Promise.resolve();
  const processor = {
    onStart() {},
    onEnd: (span: ReadableSpan) => spans.push(span),
    forceFlush: nothing,
    shutdown: nothing,
  };
  const state = { now: 0, underWay: false, start: undefined as StartKind | undefined };
  const traces = new StartTraces({
    tracer: tracerOf("", processor),
    startOf: () => state.start,
    isUnderWay: () => state.underWay,
    now: () => state.now,
    ...limit !== undefined && { limit },
  });
  /** Each span as `TRACE NAME`, with the traces that it links to. */
  const told = () =>
    spans.map((span) =>
      [
        Number(span.spanContext().traceId),
        span.name,
        ...span.links.map(({ context }) => `→ ${Number(context.traceId)}`),
      ].join(" ")
    );
  const held = (trace: number, view = "hello") => {
    const hold = traces.begin(parentOf(trace))!;
    hold.wait(view);
    return hold;
  };
  return { traces, spans, state, told, held };
}

Deno.test("what Envoy does not record has no span", () => {
  const { traces, told } = begin();
  const none = [null, "", "x", parentOf(1, "00"), parentOf(0), parentOf(1).replace("00-", "ff-"), parentOf(1, "02")];
  deepEqual(none.map((header) => traces.begin(header)), none.map(() => undefined));
  equal(traces.begin(parentOf(1, "03"))?.traceId, parentOf(1).split("-")[1]);
  deepEqual(told(), []);
});

Deno.test("the first request that waits has the steps, and the others link to it", () => {
  const { traces, told, held, state } = begin();
  const [first, second] = [held(1), held(2)];
  state.start = "cold";
  traces.ended("hello", startOf("job-1"));
  first.end(PASS);
  second.end(PASS);
  deepEqual(told(), ["1 no pod", "1 hold", "2 hold → 1"]);
  equal(traces.size, 0);
  held(3).end(PASS);
  deepEqual(told().at(-1), "3 hold", "what comes later is another matter");
});

Deno.test("a browser that got a page and went has the steps all the same", () => {
  const { traces, told, held, state } = begin();
  held(1).end(WAITING);
  state.now = 20_000;
  const again = held(2);
  again.end(WAITING);
  state.underWay = true;
  state.now = 300_000;
  traces.ended("hello", startOf("job-1"));
  deepEqual(told(), ["1 hold", "2 hold → 1", "1 no pod"]);
  equal(traces.size, 0);
});

Deno.test("a request that waited for no start leaves nothing behind, and one that hung up nothing for long", () => {
  const { traces, told, held, state } = begin();
  held(1).end(PASS);
  equal(traces.size, 0);
  held(2).end({ ...PASS, outcome: "handed back" });
  state.now = 30_000;
  equal(traces.traceIdOf("hello"), undefined);
  traces.ended("hello", startOf("job-1"));
  held(3).end(PASS);
  deepEqual(told(), ["1 hold", "2 hold", "3 hold"]);
});

Deno.test("each start that one request waits for is in its trace", () => {
  const { traces, told, held } = begin();
  const hold = held(1);
  traces.ended("hello", startOf("job-1"));
  traces.ended("hello", startOf("job-2"));
  hold.end(PASS);
  deepEqual(told(), ["1 no pod", "1 no pod", "1 hold"]);
});

Deno.test("a part of a launch is in the trace of the start; its failure has a name, and no words of its own", async () => {
  const { traces, spans, told, held } = begin();
  equal(await traces.during("hello", "create Job", () => Promise.resolve(1)), 1);
  deepEqual(told(), [], "nobody waits");

  const hold = held(1);
  await traces.during(
    "hello",
    "create Job",
    () => Promise.resolve({ kind: "refused", cause: { reason: "Forbidden" } }),
  );
  const error = new RangeError("the password is secret");
  await rejects(traces.during("hello", "AssumeRole", () => Promise.reject(error)), error);
  hold.end({ ...PASS, outcome: "failed", reason: "Forbidden", failed: true });
  deepEqual(spans.map(({ name, status, attributes }) => [name, status.message, attributes["view_gateway.outcome"]]), [
    ["create Job", "Forbidden", "refused"],
    ["AssumeRole", "RangeError", undefined],
    ["hold", "Forbidden", "failed"],
  ]);
  deepEqual(spans.map((span) => Number(span.spanContext().traceId)), [1, 1, 1]);
});

Deno.test("above the limit of views, requests are traced without their steps", () => {
  const { traces, told, held, state } = begin(1);
  const first = held(1, "one");
  const other = held(2, "other");
  traces.ended("other", startOf("job-1"));
  other.end(PASS);
  first.end(WAITING);
  state.now = 30_000;
  const later = held(3, "other");
  traces.ended("other", startOf("job-1"));
  later.end(PASS);
  deepEqual(told(), ["2 hold", "1 hold", "3 no pod", "3 hold"], "one that is over makes room");
});
