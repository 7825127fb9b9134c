import { deepEqual } from "node:assert/strict";
import { KubernetesError } from "../kubernetes/kubernetes_error.ts";
import { viewState } from "../view/testing/view_state.ts";
import { sleepingView, startLauncher } from "./testing/launcher.ts";

Deno.test("a launch ends in bounded time when the former Job is never gone", async () => {
  const { launcher, setCreated, setExisting } = startLauncher({ timeout: 150 });
  setCreated(() => ({ kind: "exists" }));
  setExisting({ uid: "job-1", deleting: true, blockingFinalizers: [], owner: { uid: "service-1", name: "hello" } });
  deepEqual(await launcher.launch(sleepingView("job-1")), {
    kind: "late",
    seconds: 0.15,
    waitedFor: "Kubernetes to delete its former Job",
  });
});

Deno.test("a launch fails with the cause when the template is invalid, and writes nothing", async () => {
  const cause = { reason: "InvalidTemplate", message: "There is no template gold." };
  const { launcher, created, deleted } = startLauncher({ start: () => ({ cause }) });
  deepEqual(await launcher.launch(sleepingView("job-0")), { kind: "failed", cause });
  deepEqual([created, deleted], [[], []]);
});

Deno.test("a launch of a view with an invalid Service fails with the cause", async () => {
  const { launcher } = startLauncher();
  const cause = { reason: "InvalidSpec", message: "The Service has no port." };
  const view = { ...viewState({ kind: "failed", job: undefined, cause }), spec: undefined };
  deepEqual(await launcher.launch(view), { kind: "failed", cause });
});

Deno.test("a launch ends in bounded time when the snapshot never shows its Job", async () => {
  const { launcher } = startLauncher({
    timeout: 20,
    views: {
      get: () => undefined,
      until: (_name, _fits, signal) =>
        new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    },
  });
  deepEqual(await launcher.launch(sleepingView()), {
    kind: "late",
    seconds: 0.02,
    waitedFor: "Kubernetes to show its Job",
  });
});

Deno.test("a launch whose credentials do not come in time says so, and does not blame Kubernetes", async () => {
  const { launcher } = startLauncher({ timeout: 20, credentials: { ensure: () => new Promise(() => undefined) } });
  deepEqual(await launcher.launch(sleepingView()), {
    kind: "late",
    seconds: 0.02,
    waitedFor: "its credentials for the lake",
  });
});

Deno.test("an error of Kubernetes has an outcome by its kind; an unexpected error is the gateway's own", async () => {
  const launching = async (error: Error) => {
    const { launcher, faults } = startLauncher({
      jobs: {
        create: () => Promise.reject(error),
        delete: () => Promise.resolve(),
        get: () => Promise.resolve(undefined),
      },
    });
    return { outcome: await launcher.launch(sleepingView()), faults };
  };
  const denied = await launching(new KubernetesError("Forbidden", "no such right"));
  deepEqual(denied.outcome, { kind: "failed", cause: { reason: "Forbidden", message: "no such right" } });
  const away = await launching(new KubernetesError("Timeout", "The API server did not answer."));
  deepEqual(away.outcome, { kind: "unavailable", message: "The API server did not answer." });
  deepEqual([denied.faults, away.faults], [[], []]);
  const fault = new TypeError("x is not a function");
  deepEqual(await launching(fault), { outcome: { kind: "fault" }, faults: [fault] });
});

Deno.test("a launch that is under way when the sidecar stops says so", async () => {
  const stopping = new AbortController();
  const { launcher, faults } = startLauncher({
    signal: stopping.signal,
    credentials: { ensure: () => new Promise(() => undefined) },
  });
  const launching = launcher.launch(sleepingView());
  stopping.abort();
  deepEqual([await launching, faults], [{ kind: "stopping" }, []]);
});

Deno.test("a view without credentials is not launched, and the outcome says why", async () => {
  const cause = { reason: "AccessDenied", message: "STS denies it." };
  const { launcher, created } = startLauncher({
    credentials: { ensure: () => Promise.resolve({ kind: "failed", cause }) },
  });
  deepEqual(await launcher.launch(sleepingView()), { kind: "failed", cause });
  deepEqual(created, []);
});
