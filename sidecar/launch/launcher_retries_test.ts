import { deepEqual, equal } from "node:assert/strict";
import { failedAt, imageCause, sleepingView, startLauncher, viewWith } from "./testing/launcher.ts";

Deno.test("a launch is tried at once after a failure that came before any attempt", async () => {
  const { launcher } = startLauncher();
  const cause = { reason: "InvalidTemplate", message: "There is no template gold." };
  const attempt = { createdAt: "2026-01-01T00:00:00Z", failures: 9, digest: "x", failedAt };
  deepEqual(await launcher.launch(viewWith({ kind: "failed", job: "job-0", cause }, attempt)), {
    kind: "launched",
    created: "job-1",
  });
});

Deno.test("each attempt records how many failed before it, and a view that has slept starts at zero", async () => {
  const { launcher, lastAttempt, failed, passTime } = startLauncher();
  await launcher.launch(sleepingView());
  equal(lastAttempt().failures, undefined);
  await launcher.launch(failed(0));
  equal(lastAttempt().failures, 1);
  passTime(2);
  await launcher.launch(failed(1));
  equal(lastAttempt().failures, 2);
  await launcher.launch(sleepingView("job-3"));
  equal(lastAttempt().failures, undefined);
});

Deno.test("a launch during the pause after a failure gets the cause: imageCause, and writes nothing", async () => {
  const { launcher, created, deleted, failed, passTime } = startLauncher();
  await launcher.launch(sleepingView());
  const view = failed(3);
  deepEqual(await launcher.launch(view), { kind: "paused", cause: imageCause, seconds: 8 });
  passTime(7.5);
  deepEqual(await launcher.launch(view), { kind: "paused", cause: imageCause, seconds: 1 });
  deepEqual([created.length, deleted.length], [1, 0]);
  passTime(0.5);
  equal((await launcher.launch(view)).kind, "launched");
});

Deno.test("a changed spec or template is launched at once", async () => {
  const { launcher, lastAttempt, failed, setImage } = startLauncher();
  await launcher.launch(sleepingView());
  const view = failed(9);
  equal((await launcher.launch({ ...view, spec: { subsets: [{ bucket: "lake" }] } })).kind, "launched");
  equal(lastAttempt().failures, undefined);
  setImage("view:2");
  equal((await launcher.launch(view)).kind, "launched");
});

Deno.test("after Kubernetes has refused a Job, there is a pause too", async () => {
  const { launcher, setCreated, passTime, lastAttempt } = startLauncher();
  const cause = { reason: "Forbidden", message: "exceeded quota" };
  let asked = 0;
  setCreated(() => {
    asked++;
    return { kind: "refused", cause };
  });
  deepEqual(await launcher.launch(sleepingView()), { kind: "failed", cause });
  deepEqual(await launcher.launch(sleepingView()), { kind: "failed", cause });
  deepEqual(await launcher.launch(sleepingView()), { kind: "paused", cause, seconds: 2 });
  equal(asked, 2);
  passTime(2);
  setCreated(() => ({ kind: "created", uid: "" }));
  equal((await launcher.launch(sleepingView())).kind, "launched");
  equal(lastAttempt().failures, 2);
});

Deno.test("a launch above a limit is busy", async () => {
  const { launcher } = startLauncher({ limits: { launches: 1, running: 10 } });
  const first = launcher.launch(sleepingView());
  const other = { ...sleepingView(), name: "other", uid: "service-9" };
  deepEqual(await launcher.launch(other), {
    kind: "busy",
    message: "The gateway already launches 1 other views, which is the limit.",
  });
  equal((await first).kind, "launched");
  equal((await launcher.launch(other)).kind, "launched");

  const full = startLauncher({ limits: { launches: 10, running: 3 }, running: () => 3 });
  deepEqual(await full.launcher.launch(sleepingView()), {
    kind: "busy",
    message: "3 views are awake, which is the limit.",
  });
});
