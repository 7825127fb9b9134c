import { deepEqual } from "node:assert/strict";
import type { ViewPhase, ViewState } from "../view/state.ts";
import { viewState } from "../view/testing/view_state.ts";
import { StartFailures } from "./start_failures.ts";

const cause = { reason: "ErrImagePull", message: "no such image" };
const failed = (job = "job-1"): ViewPhase => ({ kind: "failed", job, cause });
const starting: ViewPhase = { kind: "starting", job: "job-1", step: "scheduling" };

function start() {
  let now: ViewState | undefined = viewState();
  const told: string[] = [];
  const failures = new StartFailures({
    view: () => now,
    onFailure: ({ name }, { reason }) => told.push(`${name} ${reason}`),
  });
  const put = (phase: ViewPhase | undefined) => {
    now = phase && viewState(phase);
    failures.changed("hello", now);
  };
  return { failures, told, put };
}

Deno.test("a failed start that this gateway launched is reported once", () => {
  const { failures, told, put } = start();
  put(starting);
  failures.launched("hello", "job-1");
  put(failed());
  put({ ...failed(), cause: { reason: "ImagePullBackOff", message: "" } } as ViewPhase);
  deepEqual(told, ["hello ErrImagePull"]);
});

Deno.test("a start that fails before this gateway records its launch is reported too", () => {
  const { failures, told, put } = start();
  put(failed());
  deepEqual(told, []);
  failures.launched("hello", "job-1");
  deepEqual(told, ["hello ErrImagePull"]);
});

Deno.test("the failed start of another gateway is not reported", () => {
  const { failures, told, put } = start();
  put(starting);
  failures.launched("hello", "job-1");
  put(failed("job-2"));
  put(failed("job-1"));
  deepEqual(told, []);
});

Deno.test("a start that succeeds is forgotten, and so is a deleted view", () => {
  const { failures, told, put } = start();
  put(starting);
  failures.launched("hello", "job-1");
  put({ kind: "awake", job: "job-1", serving: [] });
  put(failed());
  failures.launched("hello", "job-2");
  put(undefined);
  put(failed("job-2"));
  deepEqual(told, []);
});

Deno.test("each refusal by Kubernetes is reported", () => {
  const { failures, told } = start();
  failures.refused("hello", cause);
  failures.refused("hello", cause);
  deepEqual(told, ["hello ErrImagePull", "hello ErrImagePull"]);
});
