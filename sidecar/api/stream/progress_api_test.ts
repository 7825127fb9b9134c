import { deepEqual, equal, match, ok } from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { EndpointsRefusedError } from "../../envoy/endpoint_acks.ts";
import { Quota } from "../../async/quota.ts";
import { awakeView, failedView, ProgressReader, startingView, startProgress, viewOfPhase } from "./testing/progress.ts";

Deno.test("a stream has each phase as it comes, and ends when the view is awake", async () => {
  const { ask, put, watched } = await startProgress();
  put(viewOfPhase({ kind: "asleep", ended: undefined }));
  const response = await ask();
  equal(response.headers.get("content-type"), "text/event-stream; charset=utf-8");
  equal(response.headers.get("cache-control"), "no-store");
  const reader = new ProgressReader(response);
  await reader.until(1);
  equal(watched.used, 1);
  put(startingView());
  await reader.until(2);
  put(startingView("scheduling"));
  await reader.until(3);
  put(awakeView());
  await reader.rest();
  deepEqual(reader.progress.map(({ phase, step }) => [phase, step]), [
    ["asleep", 0],
    ["starting", 0],
    ["starting", 1],
    ["awake", 5],
  ]);
  equal(reader.progress[1]?.elapsed, 7);
  match(reader.text, /^retry: 1000\n\n/);
  equal(watched.used, 0);
});

Deno.test("a stream says awake only once Envoy has ACKed the endpoints", async () => {
  const { ask, put, setAcked } = await startProgress();
  put(awakeView());
  setAcked(false);
  const reader = new ProgressReader(await ask());
  await reader.until(1);
  equal(reader.progress[0]?.phase, "starting");
  setAcked(true);
  await reader.rest();
  equal(reader.progress[1]?.phase, "awake");
});

Deno.test("where Envoy refuses a view's endpoints, the stream says so and waits for others", async () => {
  const refusal = new EndpointsRefusedError("Envoy refuses it: no port");
  const { ask, put } = await startProgress({
    acks: { isAcked: () => false, untilAcked: () => Promise.reject(refusal) },
  });
  put(awakeView());
  const reader = new ProgressReader(await ask());
  await reader.until(2);
  deepEqual(reader.progress[1]?.cause, { reason: "EnvoyRejected", message: "Envoy refuses it: no port" });
  put(startingView());
  await reader.until(3);
  put(undefined);
  await reader.rest();
  deepEqual(reader.progress.map(({ phase }) => phase), ["starting", "failed", "starting", "deleted"]);
});

Deno.test("a failure has its cause, and ends the stream", async () => {
  const { ask, put } = await startProgress();
  put(startingView());
  const reader = new ProgressReader(await ask());
  await reader.until(1);
  put(failedView());
  await reader.rest();
  deepEqual(reader.progress[1]?.cause, { reason: "ErrImagePull", message: "no" });
});

Deno.test("a failure that Kubernetes keeps working on does not end the stream", async () => {
  const { ask, put } = await startProgress();
  put(failedView("Unschedulable"));
  const reader = new ProgressReader(await ask());
  await reader.until(1);
  put(startingView());
  put(awakeView());
  await reader.rest();
  equal(reader.progress.at(-1)?.phase, "awake");
});

Deno.test("a stream says that a view is deleted, or unknown", async () => {
  const { ask } = await startProgress();
  const reader = new ProgressReader(await ask());
  await reader.rest();
  equal(reader.progress[0]?.phase, "deleted");
});

Deno.test("a stream waits a moment for an unknown view, and the page asks again when it comes", async () => {
  const { ask, put } = await startProgress({ appearance: 5_000 });
  const reader = new ProgressReader(await ask());
  const end = reader.rest();
  await pause(5);
  put(startingView());
  await end;
  deepEqual([reader.text, reader.progress], ["retry: 1000\n\n", []]);
  const next = new ProgressReader(await ask());
  await next.until(1);
  equal(next.progress[0]?.phase, "starting");
  await next.cancel();
});

for (
  const [what, change] of Object.entries({
    "has changed, as it may be shared no more": { resourceVersion: "2" },
    "is deleted and created again, perhaps by somebody else": { uid: "service-2" },
  })
) {
  Deno.test(`a stream tells nothing of a view that ${what}`, async () => {
    const { ask, put, watched } = await startProgress();
    put(startingView());
    const reader = new ProgressReader(await ask());
    await reader.until(1);
    put({ ...failedView(), ...change });
    await reader.rest();
    deepEqual(reader.progress.map(({ phase }) => phase), ["starting"]);
    equal(watched.used, 0);
  });
}

Deno.test("a stream without changes has heartbeats, and ends at its limit", async () => {
  const { ask, put, watched } = await startProgress({ timing: { heartbeat: 5, limit: 20 } });
  put(startingView());
  const reader = new ProgressReader(await ask());
  await reader.rest();
  equal(reader.progress.length, 1);
  match(reader.text, /\n\n:\n\n/);
  equal(watched.used, 0);
});

Deno.test("the API reports when somebody opens a page, and whether anybody looks at one", async () => {
  const told: string[] = [];
  const { ask, put, watched } = await startProgress({ onWatched: (view) => told.push(`${view} ${watched.has(view)}`) });
  put(startingView());
  equal(watched.has("hello"), false);
  const reader = new ProgressReader(await ask());
  await reader.until(1);
  deepEqual(told, ["hello true"]);
  await reader.cancel();
  equal(watched.has("hello"), false);
});

Deno.test("a client that disconnects gives its place back", async () => {
  const { ask, put, watched } = await startProgress({ watched: new Quota({ each: 1, total: 2 }) });
  put(startingView());
  const reader = new ProgressReader(await ask());
  await reader.until(1);
  deepEqual([...watched.holders], ["hello"]);
  const refused = await ask();
  equal(refused.status, 503);
  ok(refused.headers.has("retry-after"));
  await refused.body?.cancel();
  await reader.cancel();
  deepEqual([watched.used, [...watched.holders]], [0, []]);
  const next = new ProgressReader(await ask());
  equal(await next.until(1), true);
  await next.cancel();
});

Deno.test("a sidecar that stops ends its streams", async () => {
  const { ask, put, stop, watched } = await startProgress();
  put(startingView());
  const reader = new ProgressReader(await ask());
  await reader.until(1);
  stop.abort();
  await reader.rest();
  equal(watched.used, 0);
  const late = await ask();
  deepEqual([late.status, late.headers.get("retry-after")], [503, "5"]);
  equal((await late.json()).detail, "This gateway stops. Try again.");
});

Deno.test("many pages of one view leave room for those of another, and the answer says which limit is reached", async () => {
  const { ask, put } = await startProgress({ watched: new Quota({ each: 2, total: 3 }) });
  const readers: ProgressReader[] = [];
  const open = async (host: string) => {
    const reader = new ProgressReader(await ask({ host }));
    readers.push(reader);
    equal(await reader.until(1), true);
  };
  const refused = async (host: string) => (await (await ask({ host })).json()).detail;
  for (const name of ["hello", "other", "third"]) put(startingView(), name);
  await open("hello.localhost");
  await open("hello.localhost");
  equal(await refused("hello.localhost"), "2 pages already follow the progress of view hello.");
  await open("other.localhost");
  equal(await refused("third.localhost"), "3 pages already follow the progress of all views.");
  for (const reader of readers) await reader.cancel();
});

Deno.test("over HTTP, a client that disconnects gives its place back", async () => {
  const { app, put, watched } = await startProgress({ timing: { heartbeat: 10 } });
  put(startingView());
  await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
    // The Host that Envoy passes on.
    const headers = new Headers(request.headers);
    headers.set("host", "hello.localhost");
    return app.fetch(new Request(request, { headers }));
  });
  const hungUp = new AbortController();
  const response = await fetch(`http://127.0.0.1:${server.addr.port}/_gate/progress`, { signal: hungUp.signal });
  const reader = response.body!.getReader();
  await reader.read();
  equal(watched.used, 1);
  hungUp.abort();
  await reader.closed.catch(() => {});
  const until = performance.now() + 5_000;
  while (watched.used > 0 && performance.now() < until) await pause(5);
  equal(watched.used, 0);
});

Deno.test("only a view's own page can read its progress, by GET or HEAD", async () => {
  const { ask, put } = await startProgress();
  put(startingView());
  const statusOf = async (headers: Record<string, string>, init?: RequestInit) => {
    const { status, body } = await ask(headers, init);
    await body?.cancel();
    return status;
  };
  equal(await statusOf({ "sec-fetch-site": "cross-site" }), 403);
  equal(await statusOf({ "sec-fetch-site": "same-site" }), 403);
  equal(await statusOf({ host: "elsewhere.example" }), 404);
  equal(await statusOf({ host: "localhost" }), 404);
  equal(await statusOf({}, { method: "POST" }), 405);
});
