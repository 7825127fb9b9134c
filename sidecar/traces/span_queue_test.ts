import { deepEqual, equal } from "node:assert/strict";
import { otlpSpans } from "../../test/otlp/otlp_spans.ts";
import { ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { SpanQueue } from "./span_queue.ts";
import { tracerOf } from "./tracing.ts";

/** A queue to a collector of the test's, and what ends spans. */
function begin({ send, limit }: { send?: () => Promise<void>; limit?: number } = {}) {
  const sent: (readonly string[])[] = [];
  const dropped: number[] = [];
  const errors: string[] = [];
  const pauses: PromiseWithResolvers<void>[] = [];
  const queue = new SpanQueue({
    send: async (body) => {
      await send?.();
      sent.push(otlpSpans(body, "application/json").map(({ name }) => name));
    },
    onDropped: (spans) => dropped.push(spans),
    onError: (error) => errors.push((error as Error).message),
    pause: (_milliseconds, signal) => {
      const pause = Promise.withResolvers<void>();
      if (signal.aborted) pause.reject(signal.reason);
      signal.addEventListener("abort", () => pause.reject(signal.reason));
      pauses.push(pause);
      return pause.promise;
    },
    ...limit !== undefined && { limit },
  });
  const tracer = tracerOf("gateway-1", queue);
  const parent = { traceId: "1".repeat(32), spanId: "1".repeat(16), traceFlags: 1, isRemote: true };
  const span = (name: string) => tracer.startSpan(name, {}, trace.setSpanContext(ROOT_CONTEXT, parent)).end();
  return { queue, span, sent, dropped, errors, pauses };
}

const turn = () => new Promise((resolve) => setTimeout(resolve));

Deno.test("spans wait a moment for others, and go together", async () => {
  const { queue, span, sent, pauses } = begin();
  const stop = new AbortController();
  const running = queue.run(stop.signal);
  await turn();
  equal(pauses.length, 0, "an empty queue waits for a span");
  span("a");
  await turn();
  span("b");
  pauses[0]?.resolve();
  await turn();
  deepEqual(sent, [["a", "b"]]);
  span("c");
  await turn();
  stop.abort();
  await running;
  await queue.forceFlush();
  deepEqual(sent, [["a", "b"], ["c"]], "the rest goes at the end");
});

Deno.test("a full queue drops what comes, and a collector that takes nothing what it was sent", async () => {
  const answer = { works: false };
  const refuse = () => answer.works ? Promise.resolve() : Promise.reject(new Error("it answers 500"));
  const { queue, span, sent, dropped, errors } = begin({ send: refuse, limit: 2 });
  for (const name of ["a", "b", "c"]) span(name);
  deepEqual([queue.size, dropped], [2, [1]]);
  await queue.forceFlush();
  deepEqual([queue.size, dropped, sent], [0, [1, 2], []]);
  span("d");
  await queue.forceFlush();
  deepEqual(errors, ["it answers 500"], "it says so once");
  answer.works = true;
  span("e");
  await queue.forceFlush();
  deepEqual(sent, [["e"]]);
  answer.works = false;
  span("f");
  await queue.forceFlush();
  equal(errors.length, 2);
});

Deno.test("many spans go in several requests", async () => {
  const { queue, span, sent } = begin();
  for (let i = 0; i < 1_030; i++) span("a");
  await queue.forceFlush();
  deepEqual(sent.map(({ length }) => length), [512, 512, 6]);
});

Deno.test("a collector that fails gets one request a turn, so that the sidecar's stop does not wait for several", async () => {
  let requests = 0;
  const send = () => (requests++, Promise.reject(new Error("it does not answer")));
  const { queue, span, dropped, pauses } = begin({ send });
  for (let i = 0; i < 1_030; i++) span("a");
  await queue.forceFlush();
  deepEqual([requests, dropped, queue.size], [1, [512], 518]);

  // The rest goes in further turns, also if no span comes.
  const stop = new AbortController();
  const running = queue.run(stop.signal);
  for (const size of [6, 0]) {
    await turn();
    pauses.at(-1)?.resolve();
    await turn();
    equal(queue.size, size);
  }
  stop.abort();
  await running;
  equal(requests, 3);
});
