import { equal, match } from "node:assert/strict";
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
  const more = { signal: stop.signal, limit: 60_000, onEnd: () => ends++ };
  await bodyOf({ events: pending, ...more }).cancel();
  equal(ends, 1);
  const body = bodyOf({ events: pending, ...more });
  stop.abort();
  equal(await new Response(body).text(), "a");
  equal(ends, 2);
  await new Response(bodyOf({ events: broken, ...more })).text().catch(() => {});
  equal(ends, 3);
});

Deno.test("a body that nobody reads ends at its limit too, and a reader that comes later gets what was told", async () => {
  const ended = Promise.withResolvers<void>();
  const endless = async function* (signal: AbortSignal) {
    while (!signal.aborted) yield "a";
    yield "z";
  };
  const body = bodyOf({
    ...{ events: endless, signal: new AbortController().signal, limit: 1 },
    onEnd: ended.resolve,
  });
  await ended.promise;
  match(await new Response(body).text(), /^a+z$/);
});

Deno.test("HEAD has the headers of a stream, and keeps no place", async () => {
  let ends = 0;
  const endless = async function* () {
    yield await new Promise<string>(() => {});
  };
  const answer = eventResponse({ method: "HEAD" }, {
    events: endless,
    ...{ signal: new AbortController().signal, limit: 60_000 },
    onEnd: () => ends++,
  });
  equal(answer.headers.get("content-type"), "text/event-stream; charset=utf-8");
  equal(await answer.text(), "");
  equal(ends, 1);
});
