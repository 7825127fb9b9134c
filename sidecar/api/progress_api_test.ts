import { deepEqual, equal, match, ok } from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { Hono } from "hono";
import { Store } from "../kubernetes/snapshot/store.ts";
import { EndpointsRefusedError } from "../envoy/endpoint_acks.ts";
import type { Progress } from "../page/progress.ts";
import type { ViewPhase, ViewState } from "../view/state.ts";
import { viewState } from "../view/testing/view_state.ts";
import { Quota } from "../async/quota.ts";
import { ProgressApi, type ProgressOptions, type SyncedViews, WATCHED_LIMITS } from "./progress_api.ts";

const attempt = { createdAt: "2026-01-01T00:00:00Z", failures: 0 };
const view = (phase: ViewPhase) => viewState(phase, { attempt });
const starting = (step: "no pod" | "scheduling" = "no pod") => view({ kind: "starting", job: "job-1", step });
const awake = () => view({ kind: "awake", job: "job-1", serving: [] });
const failed = (reason = "ErrImagePull") => view({ kind: "failed", job: "job-1", cause: { reason, message: "no" } });

async function start(change: Partial<ProgressOptions> = {}) {
  // The real store: derivation gives what a test has put there.
  let next: ViewState | undefined;
  const store = new Store<ViewState>({
    clock: () => performance.now(),
    derive: () => next,
    onProblem: (_message, error) => {
      throw error;
    },
  });
  const put = (state: ViewState | undefined, name = "hello") => {
    next = state;
    store.change(name, (objects) => objects, undefined, undefined);
  };
  await store.settle(new AbortController().signal);
  const stop = new AbortController();
  let known = true;
  const told = new Set<() => void>();
  const watched = change.watched ?? new Quota(WATCHED_LIMITS);
  const api = new ProgressApi({
    views: store satisfies SyncedViews,
    acks: {
      isAcked: () => known,
      untilAcked: (_name, signal) =>
        new Promise((resolve, reject) => {
          if (known) resolve();
          told.add(resolve);
          signal.addEventListener("abort", () => reject(signal.reason));
        }),
    },
    watched,
    baseHost: "localhost",
    signal: stop.signal,
    appearance: 20,
    now: () => Date.parse("2026-01-01T00:00:07Z"),
    ...change,
  });
  const app = new Hono().route("/", api.routes);
  const ask = (headers: Record<string, string> = {}, init: RequestInit = {}) =>
    Promise.resolve(
      app.fetch(
        new Request("http://sidecar/_gate/progress", { ...init, headers: { host: "hello.localhost", ...headers } }),
      ),
    );
  return {
    ...{ watched, app, ask, put, stop },
    setAcked: (yes: boolean) => {
      known = yes;
      told.forEach((tell) => tell());
    },
  };
}

/** The stream's events as they come; and what else it says. */
class Reader {
  readonly progress: Progress[] = [];
  text = "";
  readonly #reader;

  constructor(response: Response) {
    this.#reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** Reads until there is this number of events; false where the stream ended before. */
  async until(events: number): Promise<boolean> {
    while (this.progress.length < events) {
      const { done, value } = await this.#reader.read();
      if (done) return false;
      this.text += value;
      const data = /^event: progress\ndata: (.*)\n\n$/.exec(value)?.[1];
      if (data !== undefined) this.progress.push(JSON.parse(data));
    }
    return true;
  }

  async rest(): Promise<void> {
    await this.until(Infinity);
  }

  cancel(): Promise<void> {
    return this.#reader.cancel();
  }
}

Deno.test("a stream has each phase as it comes, and ends when the view is awake", async () => {
  const { ask, put, watched } = await start();
  put(view({ kind: "asleep", ended: undefined }));
  const response = await ask();
  equal(response.headers.get("content-type"), "text/event-stream; charset=utf-8");
  equal(response.headers.get("cache-control"), "no-store");
  const reader = new Reader(response);
  await reader.until(1);
  equal(watched.used, 1);
  put(starting());
  await reader.until(2);
  put(starting("scheduling"));
  await reader.until(3);
  put(awake());
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
  const { ask, put, setAcked } = await start();
  put(awake());
  setAcked(false);
  const reader = new Reader(await ask());
  await reader.until(1);
  equal(reader.progress[0]?.phase, "starting");
  setAcked(true);
  await reader.rest();
  equal(reader.progress[1]?.phase, "awake");
});

Deno.test("where Envoy refuses a view's endpoints, the stream says so and waits for others", async () => {
  const refusal = new EndpointsRefusedError("Envoy refuses it: no port");
  const { ask, put } = await start({ acks: { isAcked: () => false, untilAcked: () => Promise.reject(refusal) } });
  put(awake());
  const reader = new Reader(await ask());
  await reader.until(2);
  deepEqual(reader.progress[1]?.cause, { reason: "EnvoyRejected", message: "Envoy refuses it: no port" });
  put(starting());
  await reader.until(3);
  put(undefined);
  await reader.rest();
  deepEqual(reader.progress.map(({ phase }) => phase), ["starting", "failed", "starting", "deleted"]);
});

Deno.test("a failure has its cause, and ends the stream", async () => {
  const { ask, put } = await start();
  put(starting());
  const reader = new Reader(await ask());
  await reader.until(1);
  put(failed());
  await reader.rest();
  deepEqual(reader.progress[1]?.cause, { reason: "ErrImagePull", message: "no" });
});

Deno.test("a failure that Kubernetes keeps working on does not end the stream", async () => {
  const { ask, put } = await start();
  put(failed("Unschedulable"));
  const reader = new Reader(await ask());
  await reader.until(1);
  put(starting());
  put(awake());
  await reader.rest();
  equal(reader.progress.at(-1)?.phase, "awake");
});

Deno.test("a stream says that a view is deleted, or unknown", async () => {
  const { ask } = await start();
  const reader = new Reader(await ask());
  await reader.rest();
  equal(reader.progress[0]?.phase, "deleted");
});

Deno.test("a stream waits a moment for an unknown view", async () => {
  const { ask, put } = await start({ appearance: 5_000 });
  const reader = new Reader(await ask());
  const first = reader.until(1);
  await pause(5);
  put(starting());
  await first;
  equal(reader.progress[0]?.phase, "starting");
  await reader.cancel();
});

Deno.test("a stream without changes has heartbeats, and ends at its limit", async () => {
  const { ask, put, watched } = await start({ timing: { heartbeat: 5, limit: 20 } });
  put(starting());
  const reader = new Reader(await ask());
  await reader.rest();
  equal(reader.progress.length, 1);
  match(reader.text, /\n\n:\n\n/);
  equal(watched.used, 0);
});

Deno.test("the API reports when somebody opens a page, and whether anybody looks at one", async () => {
  const told: string[] = [];
  const { ask, put, watched } = await start({ onWatched: (view) => told.push(`${view} ${watched.has(view)}`) });
  put(starting());
  equal(watched.has("hello"), false);
  const reader = new Reader(await ask());
  await reader.until(1);
  deepEqual(told, ["hello true"]);
  await reader.cancel();
  equal(watched.has("hello"), false);
});

Deno.test("a client that disconnects gives its place back", async () => {
  const { ask, put, watched } = await start({ watched: new Quota({ perView: 1, total: 2 }) });
  put(starting());
  const reader = new Reader(await ask());
  await reader.until(1);
  deepEqual([...watched.views], ["hello"]);
  const refused = await ask();
  equal(refused.status, 503);
  ok(refused.headers.has("retry-after"));
  await refused.body?.cancel();
  await reader.cancel();
  deepEqual([watched.used, [...watched.views]], [0, []]);
  const next = new Reader(await ask());
  equal(await next.until(1), true);
  await next.cancel();
});

Deno.test("a sidecar that stops ends its streams", async () => {
  const { ask, put, stop, watched } = await start();
  put(starting());
  const reader = new Reader(await ask());
  await reader.until(1);
  stop.abort();
  await reader.rest();
  equal(watched.used, 0);
  const late = await ask();
  deepEqual([late.status, late.headers.get("retry-after")], [503, "5"]);
  equal((await late.json()).detail, "This gateway stops. Try again.");
});

Deno.test("many pages of one view leave room for those of another, and the answer says which limit is reached", async () => {
  const { ask, put } = await start({ watched: new Quota({ perView: 2, total: 3 }) });
  const readers: Reader[] = [];
  const open = async (host: string) => {
    const reader = new Reader(await ask({ host }));
    readers.push(reader);
    equal(await reader.until(1), true);
  };
  const refused = async (host: string) => (await (await ask({ host })).json()).detail;
  for (const name of ["hello", "other", "third"]) put(starting(), name);
  await open("hello.localhost");
  await open("hello.localhost");
  equal(await refused("hello.localhost"), "2 pages already follow the progress of view hello.");
  await open("other.localhost");
  equal(await refused("third.localhost"), "3 pages already follow the progress of all views.");
  for (const reader of readers) await reader.cancel();
});

Deno.test("over HTTP, a client that disconnects gives its place back", async () => {
  const { app, put, watched } = await start({ timing: { heartbeat: 10 } });
  put(starting());
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
  const { ask, put } = await start();
  put(starting());
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
