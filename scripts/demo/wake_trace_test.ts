import { equal } from "node:assert/strict";
import type { ZipkinSpan } from "../traces/zipkin_spans.ts";
import { traceOfHost, wakeTrace } from "./wake_trace.ts";

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

Deno.test("a Zipkin that has ended, or answers nonsense, costs the demo the link and nothing else", async () => {
  const { signal } = new AbortController();
  const find = (zipkin: string) => wakeTrace(zipkin, "hello.localhost:8080", Date.now(), signal);
  const answers = [() => new Response(null, { status: 500 }), () => new Response("<html>")];
  let gone = "";
  for (const answer of answers) {
    await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, answer);
    gone = `http://127.0.0.1:${server.addr.port}`;
    equal(await find(gone), undefined);
  }
  equal(await find(gone), undefined);
});
