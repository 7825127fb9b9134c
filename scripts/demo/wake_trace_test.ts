import { equal } from "node:assert/strict";
import type { ZipkinSpan } from "../traces/zipkin_spans.ts";
import { traceOfHost } from "./wake_trace.ts";

const span = (traceId: string, timestamp: number, url?: string): ZipkinSpan => ({
  ...{ traceId, id: `${traceId}-${timestamp}`, timestamp, duration: 1 },
  tags: url === undefined ? {} : { "http.url": url },
});

Deno.test("a wake's trace is that of the first request for its host, and not one of an earlier wake", () => {
  const traces = [
    [span("late", 300, "http://hello.localhost:8080/")],
    [span("wake", 210), span("wake", 200, "http://hello.localhost:8080/")],
    [span("other", 200, "http://hello-warm.localhost:8080/")],
    [span("before", 100, "http://hello.localhost:8080/"), span("before", 250)],
    [span("nobody", 200)],
  ];
  equal(traceOfHost(traces, "hello.localhost:8080", 150)?.[0]?.traceId, "wake");
  equal(traceOfHost(traces, "hello.localhost:8080", 301), undefined);
  equal(traceOfHost(traces, "localhost:8080", 0), undefined);
});
