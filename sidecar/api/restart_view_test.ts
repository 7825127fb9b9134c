import { deepEqual, equal, match } from "node:assert/strict";
import { eventually } from "../testing/eventually.ts";
import { problem } from "../http/problem.ts";
import { problemIn, startApi, viewIn, viewNamed } from "./testing/views_api.ts";

Deno.test("POST to a view's restart launches it again, and answers with the view", async () => {
  const api = startApi(viewNamed("hello"));
  const answer = await api.ask("POST", "/_api/views/hello/restart");
  equal(answer.status, 202);
  equal(viewIn(answer).name, "hello");
  deepEqual(api.written, [["start", "hello"]]);
});

Deno.test("a restart that fails says why", async () => {
  const api = startApi(viewNamed("hello"));
  const restart = () => api.ask("POST", "/_api/views/hello/restart");
  const cause = { reason: "InvalidTemplate", message: "There is no template x." };
  for (const failure of [{ kind: "failed", cause }, { kind: "paused", cause, seconds: 7.2 }] as const) {
    api.setStarted(failure);
    const answer = await restart();
    const { reason, view } = problemIn(answer, 409, "view-failed");
    deepEqual([reason, view], ["InvalidTemplate", "hello"]);
    equal(answer.headers.get("retry-after"), failure.kind === "paused" ? "8" : null);
  }
  api.setStarted({ kind: "denied", problem: problem(503, "busy", "There is too much at once."), retryAfter: 2 });
  const answer = await restart();
  match(problemIn(answer, 503, "busy").detail, /too much at once/);
  equal(answer.headers.get("retry-after"), "2");
});

Deno.test("a restart needs an existing view, POST, and the API's own origin", async () => {
  const api = startApi(viewNamed("hello"));
  problemIn(await api.ask("POST", "/_api/views/nope/restart"), 404, "unknown-view");
  const answer = await api.ask("GET", "/_api/views/hello/restart");
  problemIn(answer, 405, "method-not-allowed");
  equal(answer.headers.get("allow"), "POST");
  const headers = { "sec-fetch-site": "same-site" };
  problemIn(await api.ask("POST", "/_api/views/hello/restart", { headers }), 403, "cross-origin");
  deepEqual(api.written, []);
});

Deno.test("a restart waits until the view is awake with another Job", async () => {
  const old = viewNamed("hello", { kind: "awake", job: "job-1", serving: [] });
  const api = startApi(old);
  const restart = (wait: number) => api.ask("POST", `/_api/views/hello/restart?wait=${wait}`);
  // The former Job is still there when the time is over.
  equal((await restart(1)).status, 202);
  const answer = restart(60);
  await eventually("the restart waits", () => Promise.resolve(api.awaited.length > 1));
  api.put("hello", { ...old, phase: { kind: "asleep", ended: "job-1" } });
  api.put("hello", { ...old, phase: { kind: "starting", job: "job-2", step: "no pod" } });
  api.put("hello", { ...old, phase: { kind: "awake", job: "job-2", serving: [] } });
  deepEqual([(await answer).status, (await answer).body.phase], [200, "awake"]);
  equal(api.written.length, 2);

  const before = api.awaited.length;
  const failing = restart(60);
  await eventually("the restart waits", () => Promise.resolve(api.awaited.length > before));
  const cause = { reason: "ErrImagePull", message: "no such image" };
  api.put("hello", { ...old, phase: { kind: "failed", job: "job-3", cause } });
  equal(problemIn(await failing, 409, "view-failed").reason, "ErrImagePull");
});
