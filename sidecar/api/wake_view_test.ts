import { deepEqual, equal, match } from "node:assert/strict";
import { Quota } from "../async/quota.ts";
import { Store } from "../kubernetes/snapshot/store.ts";
import type { ViewPhase, ViewState } from "../view/state.ts";
import type { ApiOptions } from "./api_options.ts";
import { problemIn, startApiWith, viewIn, viewNamed } from "./testing/views_api.ts";

const asleep: ViewPhase = { kind: "asleep", ended: undefined };
const starting: ViewPhase = { kind: "starting", job: "job-1", step: "scheduling" };
const awake: ViewPhase = { kind: "awake", job: "job-1", serving: [] };
const cause = { reason: "ErrImagePull", message: "no such image" };
const failed: ViewPhase = { kind: "failed", job: "job-1", cause };

/** The API over the real snapshot, in which a test sets the phase of the view `hello`. */
async function begin(phase: ViewPhase, change: Partial<ApiOptions> = {}) {
  let next: ViewState | undefined;
  const store = new Store<ViewState>({
    clock: () => performance.now(),
    derive: () => next,
    onProblem: (_message, error) => {
      throw error;
    },
  });
  await store.settle(new AbortController().signal);
  const put = (phase: ViewPhase | undefined) => {
    next = phase && viewNamed("hello", phase);
    store.change("hello", (objects) => objects, undefined, undefined);
  };
  put(phase);
  const started: string[] = [];
  const watched = new Quota({ each: 1, total: 10 });
  const waiting = Promise.withResolvers<void>();
  const api = startApiWith({
    views: store,
    start: ({ phase }) => {
      started.push(phase.kind);
      put(starting);
      return Promise.resolve({ kind: "launched" });
    },
    awaitStart: (view) => {
      const full = watched.acquire(view);
      if (full === undefined) waiting.resolve();
      return full ?? { release: () => watched.release(view) };
    },
    ...change,
  });
  const wake = (query = "", init: RequestInit = {}) => api.ask("POST", `/_api/views/hello/wake${query}`, init);
  return { ...{ api, put, started, watched, wake }, waiting: waiting.promise };
}

Deno.test("POST to a view's wake launches a view that is asleep or has failed, and answers at once", async () => {
  for (const phase of [asleep, failed]) {
    const { wake, started, api } = await begin(phase);
    for (let asked = 0; asked < 2; asked++) {
      const answer = await wake();
      deepEqual([answer.status, viewIn(answer).phase], [202, "starting"]);
    }
    deepEqual(started, [phase.kind]);
    deepEqual(api.audited.map(({ action, verb, view }) => [action, verb, view]), [["opened", "wake", "hello"]]);
  }
});

Deno.test("wake of a view that is awake changes nothing", async () => {
  const { wake, started, api } = await begin(awake);
  for (const query of ["", "?wait=5"]) {
    const answer = await wake(query);
    deepEqual([answer.status, viewIn(answer).phase], [200, "awake"]);
  }
  deepEqual([started, api.audited], [[], []]);
});

Deno.test("wake waits as whoever opens the view's page, until the view is awake", async () => {
  const { wake, put, waiting, watched } = await begin(asleep);
  const answer = wake("?wait=60");
  await waiting;
  equal(watched.has("hello"), true);
  put({ ...starting, step: "waiting for readiness" } as ViewPhase);
  put(awake);
  const { status, body } = await answer;
  deepEqual([status, body.phase, watched.has("hello")], [200, "awake", false]);
});

Deno.test("wake answers with the cause as soon as the view fails", async () => {
  const { wake, put, waiting, watched, started } = await begin(asleep);
  const answer = wake("?wait=60");
  await waiting;
  put(failed);
  const { reason, detail } = problemIn(await answer, 409, "view-failed");
  deepEqual([reason, watched.used], ["ErrImagePull", 0]);
  match(detail, /no such image/);
  deepEqual(started, ["asleep"]);
});

Deno.test("wake launches a view again that falls asleep before it is awake, three times at most", async () => {
  let left = 9;
  const { wake, put, started } = await begin(asleep, {
    start: () => {
      started.push("launched");
      put({ kind: "asleep", ended: `job-${left--}` });
      return Promise.resolve({ kind: "launched" });
    },
  });
  equal(problemIn(await wake("?wait=60"), 409, "view-failed").reason, "Ended");
  equal(started.length, 3);
});

Deno.test("wake ends with the time, the gateway, its client or its view", async () => {
  const late = await begin(asleep);
  equal((await late.wake("?wait=1")).status, 202);
  const closing = new AbortController();
  const stopping = await begin(asleep, { closing: closing.signal });
  const answer = stopping.wake("?wait=60");
  await stopping.waiting;
  closing.abort();
  equal((await answer).status, 202);
  const left = await begin(asleep);
  const client = new AbortController();
  const unread = left.wake("?wait=60", { signal: client.signal });
  await left.waiting;
  client.abort();
  await unread;
  equal(left.watched.used, 0);
  const deleted = await begin(asleep);
  const lost = deleted.wake("?wait=60");
  await deleted.waiting;
  deleted.put(undefined);
  problemIn(await lost, 404, "unknown-view");
});

Deno.test("wake waits for 300 seconds at most, and says when too many wait", async () => {
  const { wake, watched } = await begin(starting);
  for (const wait of ["301", "-1", "1.5", ""]) {
    match(problemIn(await wake(`?wait=${wait}`), 400, "invalid-query").detail, /from 0 to 300/);
  }
  watched.acquire("hello");
  const answer = await wake("?wait=60");
  match(problemIn(answer, 503, "too-many-streams").detail, /view hello/);
  equal(answer.headers.get("retry-after"), "5");
  equal((await wake()).status, 202);
});

Deno.test("a wake that cannot start the view says why", async () => {
  const { wake, api } = await begin(asleep, { start: () => Promise.resolve({ kind: "failed", cause }) });
  equal(problemIn(await wake("?wait=60"), 409, "view-failed").reason, "ErrImagePull");
  deepEqual(api.audited, []);
});
