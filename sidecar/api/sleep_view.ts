import { Deadline } from "../async/deadline.ts";
import { problem, problemResponse } from "../http/problem.ts";
import type { ViewPhase, ViewState } from "../view/state.ts";
import type { ApiOptions } from "./api_options.ts";
import type { ApiContext } from "./api_user.ts";
import { kubernetesUnavailable } from "./kubernetes_unavailable.ts";
import { permission } from "./permission.ts";
import { viewAnswer } from "./view_answer.ts";
import { unknownView } from "./unknown_view.ts";
import { untilSettled } from "./until_settled.ts";

/** Milliseconds that a new Job has to get a pod before it is ended. */
const POD_TIME = 1_000;

/** Answers `POST /_api/views/NAME/sleep`: ends the view's Job, if it has one. */
export async function sleepView(c: ApiContext, options: ApiOptions): Promise<Response> {
  const { views, jobs, audit } = options;
  const name = c.req.param("name") ?? "";
  const state = views.get(name);
  if (state === undefined) return unknownView(c);
  const why = await permission(c, "patch", state, options);
  if (why instanceof Response) return why;
  const job = jobOf(state.phase);
  if (job !== undefined) {
    await untilPod(options, state, job, c.req.raw.signal);
    const ended = await jobs.end(name, job, c.req.raw.signal);
    switch (ended.kind) {
      case "refused": {
        const detail = `Kubernetes refuses to end the Job of view ${name}: ${ended.cause.message}`;
        return problemResponse(problem(403, "refused", detail, { view: name, reason: ended.cause.reason }));
      }
      case "unavailable":
        return kubernetesUnavailable(`View ${name} was not put to sleep: ${ended.message}`);
      case "ended": {
        const { identity, by } = c.get("user");
        audit({ action: "changed", user: identity.user, view: name, verb: "sleep", by, reason: why });
      }
    }
    await untilSettled(options, name, (current) => current?.uid !== state.uid || jobOf(current.phase) !== job);
  }
  const after = views.get(name);
  return after === undefined ? unknownView(c) : viewAnswer(c, after, options);
}

/** UID of the Job that keeps a view from being asleep. */
function jobOf(phase: ViewPhase): string | undefined {
  return phase.kind === "asleep" ? undefined : phase.job;
}

/**
 * Waits a moment until a new Job has a pod. If a Job ends while Kubernetes creates its pod, the next Job of the same name may
 * get no pod for minutes: https://github.com/kubernetes/kubernetes/issues/131917
 */
async function untilPod(
  { views }: Pick<ApiOptions, "views">,
  { name, uid }: ViewState,
  job: string,
  signal: AbortSignal,
): Promise<void> {
  using limit = new Deadline(signal, POD_TIME);
  const isNew = (state: ViewState | undefined) =>
    state?.uid === uid && state.phase.kind === "starting" && state.phase.job === job &&
    state.phase.step === "no pod" && state.phase.placeholder === undefined;
  await views.until(name, (state) => !isNew(state), limit.signal).catch(() => undefined);
}
