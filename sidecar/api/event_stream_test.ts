import { equal } from "node:assert/strict";
import { bodyOf, eventResponse } from "./event_stream.ts";

Deno.test("a body ends once, in whatever way", async () => {
  let ends = 0;
  const pending = async function* (signal: AbortSignal) {
    yield "a";
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
  };
  const broken = async function* () {
    yield await Promise.reject(new Error("a fault"));
  };
  const stop = new AbortController();
  await bodyOf(pending, stop.signal, () => ends++).cancel();
  equal(ends, 1);
  const body = bodyOf(pending, stop.signal, () => ends++);
  stop.abort();
  equal(await new Response(body).text(), "a");
  equal(ends, 2);
  await new Response(bodyOf(broken, stop.signal, () => ends++)).text().catch(() => {});
  equal(ends, 3);
});

Deno.test("HEAD has the headers of a stream, and keeps no place", async () => {
  let ends = 0;
  const endless = async function* () {
    yield await new Promise<string>(() => {});
  };
  const answer = eventResponse({ method: "HEAD" }, {
    events: endless,
    signal: new AbortController().signal,
    onEnd: () => ends++,
  });
  equal(answer.headers.get("content-type"), "text/event-stream; charset=utf-8");
  equal(await answer.text(), "");
  equal(ends, 1);
});
