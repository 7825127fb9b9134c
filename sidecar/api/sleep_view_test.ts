import { deepEqual, equal, match } from "node:assert/strict";
import type { ViewPhase } from "../view/state.ts";
import { problemIn, startApi, viewIn, viewNamed } from "./testing/views_api.ts";

const awake: ViewPhase = { kind: "awake", job: "job-1", serving: [] };
const sleep = "/_api/views/hello/sleep";

Deno.test("POST to a view's sleep ends its Job by the UID, once", async () => {
  const cause = { reason: "ErrImagePull", message: "no such image" };
  const phases: readonly ViewPhase[] = [
    awake,
    { kind: "starting", job: "job-1", step: "scheduling" },
    { kind: "failed", job: "job-1", cause },
  ];
  for (const phase of phases) {
    const api = startApi(viewNamed("hello", phase));
    for (let asked = 0; asked < 2; asked++) {
      const answer = await api.ask("POST", sleep);
      deepEqual([answer.status, viewIn(answer).phase], [200, "asleep"]);
    }
    deepEqual(api.written, [["end", "hello", "job-1"]]);
    deepEqual(api.audited.map(({ action, verb, view }) => [action, verb, view]), [["changed", "sleep", "hello"]]);
  }
});

Deno.test("sleep of a view without a Job does nothing, and says what the view does", async () => {
  const cause = { reason: "InvalidTemplate", message: "There is no template x." };
  const api = startApi(viewNamed("hello", { kind: "failed", job: undefined, cause }));
  const answer = await api.ask("POST", sleep);
  deepEqual([answer.status, viewIn(answer).phase], [200, "failed"]);
  deepEqual([api.written, api.audited], [[], []]);
});

Deno.test("sleep waits for the pod of a new Job, and no longer than a moment", async () => {
  const api = startApi(viewNamed("hello", { kind: "starting", job: "job-1", step: "no pod" }));
  equal((await api.ask("POST", sleep)).status, 200);
  deepEqual(api.awaited.length, 2);
  deepEqual(api.written, [["end", "hello", "job-1"]]);
});

Deno.test("sleep of a view whose Job has just gone is no error, and Kubernetes' refusals are shown", async () => {
  const api = startApi(viewNamed("hello", awake));
  api.setEnded({ kind: "gone" });
  equal((await api.ask("POST", sleep)).status, 200);
  api.setEnded({ kind: "refused", cause: { reason: "Forbidden", message: "a webhook says no" } });
  match(problemIn(await api.ask("POST", sleep), 403, "refused").detail, /a webhook says no/);
  api.setEnded({ kind: "unavailable", message: "connection refused" });
  const answer = await api.ask("POST", sleep);
  match(problemIn(answer, 503, "kubernetes-unavailable").detail, /was not put to sleep: connection refused/);
  equal(answer.headers.get("retry-after"), "2");
  deepEqual(api.audited, []);
});

Deno.test("sleep and wake need an existing view, POST, and the API's own origin", async () => {
  const api = startApi(viewNamed("hello", awake));
  for (const action of ["sleep", "wake"]) {
    problemIn(await api.ask("POST", `/_api/views/nope/${action}`), 404, "unknown-view");
    equal((await api.ask("GET", `/_api/views/hello/${action}`)).headers.get("allow"), "POST");
    const headers = { "sec-fetch-site": "same-site" };
    problemIn(await api.ask("POST", `/_api/views/hello/${action}`, { headers }), 403, "cross-origin");
  }
  deepEqual(api.written, []);
});
