import { deepEqual, equal, match } from "node:assert/strict";
import { derive } from "./derive.ts";
import type { ViewObjects } from "./objects.ts";
import { DEFAULT_TARGET, type ServiceTarget } from "./service_target.ts";
import { condition, job, objects, pod, ready, service } from "./testing/objects.ts";

/** The view, where its Service points to something else than usual. */
const pointing = (
  target: Partial<ServiceTarget>,
  change: Partial<ViewObjects> = {},
  previous?: ReturnType<typeof derive>,
) =>
  derive(
    objects({
      service: { ...service, spec: { spec: { subsets: [] }, target: { ...DEFAULT_TARGET, ...target } } },
      job: job(),
      pods: [pod()],
      ...change,
    }),
    previous,
  );
Deno.test("a pod is reached by the port that the Service's target names, or by the target's number", () => {
  const ports = [{ name: "metrics", number: 9090 }, { name: "web", number: 8080 }];
  const change = (startProbe?: string) => ({ shape: { labels: {}, ports }, ...startProbe && { startProbe } });
  for (const [targetPort, port] of [["web", 8080], ["metrics", 9090], [8080, 8080], [7070, 7070]] as const) {
    const state = pointing({ targetPort }, { pods: [ready(change())] });
    deepEqual(state?.phase.kind === "awake" && state.phase.serving, [{ address: "10.0.0.1", port }]);
  }
  equal(pointing({ targetPort: "page" }, { pods: [ready(change())] })?.phase.kind, "failed");
  const probed = pointing({ targetPort: "web" }, { pods: [pod(change("/healthz"))] });
  equal(probed?.phase.kind === "starting" && probed.phase.probe?.port, 8080);
});

Deno.test("a pod that the Service can never reach is the cause before it is ready", () => {
  const unreachable = pointing({ targetPort: "page" }, { pods: [ready()] });
  equal(unreachable?.phase.kind === "failed" && unreachable.phase.job, "job-1");
  match(unreachable?.phase.kind === "failed" ? unreachable.phase.cause.message : "", /no container of pod hello-x/);
  const unselected = pointing({ labels: { tier: "gold" } }, { pods: [ready()] });
  match(unselected?.phase.kind === "failed" ? unselected.phase.cause.message : "", /label tier=gold/);
});

Deno.test("a changed Service that no longer reaches the pod is why a view is no longer awake", () => {
  const awake = derive(objects({ job: job(), pods: [ready()] }), undefined);
  equal(awake?.phase.kind, "awake");
  equal(pointing({ targetPort: "page" }, { pods: [ready()] }, awake)?.phase.kind, "failed");
});

const invalid = { reason: "InvalidTemplate", message: "There is no template gold." };
const underived = (change: Partial<ViewObjects>, previous?: ReturnType<typeof derive>) =>
  derive(objects(change), previous, () => ({ cause: invalid }));

Deno.test("an asleep view that could not start has failed, and is asleep again once it can", () => {
  for (const change of [{}, { job: job({ conditions: [condition("Failed", "DeadlineExceeded")] }) }]) {
    const failed = underived(change);
    const phase = derive(objects(change), failed)?.phase;
    deepEqual(failed?.phase, { kind: "failed", job: change.job?.uid, cause: invalid });
    deepEqual(phase, { kind: "asleep", ended: change.job?.uid });
  }
});

Deno.test("the Job of a view that fell asleep is spent, whether the view could start again or not", () => {
  const awake = derive(objects({ job: job(), pods: [ready()] }), undefined);
  const phase = underived({ job: job({ conditions: [condition("Failed", "DeadlineExceeded")] }) }, awake)?.phase;
  deepEqual(phase, { kind: "failed", job: "job-1", cause: invalid, spent: true });
});

Deno.test("a starting or awake view stays so even if it could not start again", () => {
  equal(underived({ job: job(), pods: [ready()] })?.phase.kind, "awake");
  equal(underived({ job: job(), pods: [pod()] })?.phase.kind, "starting");
});

Deno.test("a view whose last start failed and that cannot start again has the newer cause", () => {
  const ended = { job: job({ conditions: [condition("Failed", "BackoffLimitExceeded")] }) };
  const phase = underived(ended)?.phase;
  equal(phase?.kind === "failed" && phase.cause.reason, "InvalidTemplate");
  const mended = derive(objects(ended), underived(ended))?.phase;
  equal(mended?.kind === "failed" && mended.cause.reason, "BackoffLimitExceeded");
});

Deno.test("the next request replaces a pod from before a change of the Service, if that helps", () => {
  const changed = { target: { ...DEFAULT_TARGET, labels: { tier: "gold" } }, spec: { subsets: [] } };
  const running = objects({ service: { ...service, spec: changed }, job: job(), pods: [pod()] });
  const phase = derive(running, undefined)?.phase;
  equal(phase?.kind === "failed" && phase.cause.reason, "Unreachable");
  const hopeless = derive(running, undefined, () => ({ cause: invalid }))?.phase;
  deepEqual(hopeless?.kind === "failed" && hopeless.cause, invalid);
});
