/** Derives what a view is doing from its Kubernetes objects; nothing in this folder does I/O. */

import {
  deadlineCause,
  endedCause,
  failedCause,
  failedCreateCause,
  needsChange,
  pendingCause,
  podCause,
  unreachableCause,
} from "./cause.ts";
import { beingDeletedCause } from "./deletion.ts";
import type { Condition, JobObject, PodObject, ServiceObject, SliceObject, ViewObjects } from "./objects.ts";
import type { Lease } from "./lease.ts";
import { type Outdated, outdated } from "./made_from.ts";
import { DEFAULT_TARGET, type ServiceTarget, targetMismatch } from "./service_target.ts";
import type { Startable } from "./start.ts";
import type { Template } from "./template.ts";
import type { Address, Cause, StartAttempt, StartProbe, StartStep, ViewPhase, ViewState } from "./state.ts";

/** The template from which a view would start now, or why it could not start; undefined if neither is known. */
export type ResolveStart = (
  view: Startable,
) => { readonly template: Pick<Template, "digest"> } | { readonly cause: Cause } | undefined;

/**
 * Derives a view's state from its objects; undefined if there is no such view, or it is being deleted. `previous` only adds
 * what was seen of the present Job: whether it has ever served, and otherwise its last step.
 * @param publicViews whether a spec may say `public`
 */
export function derive(
  objects: ViewObjects,
  previous: ViewState | undefined,
  start: ResolveStart = () => undefined,
  publicViews = false,
): ViewState | undefined {
  const { name, service, job } = objects;
  if (service === undefined || service.deleting) return undefined;
  const result = service.spec;
  const target = "spec" in result && result.target || DEFAULT_TARGET;
  const addresses = addressesOf(objects, target);
  const served = servedJob(objects, addresses.serving, previous);
  const started = "spec" in result ? start({ name, ...result }) : undefined;
  const own = job?.ownerUid === service.uid ? job.uid : undefined;
  const phase: ViewPhase = "spec" in result
    ? phaseOf(objects, {
      service,
      target,
      serving: addresses.serving,
      served,
      previous: previous?.phase,
      cannotStart: started && "cause" in started ? started.cause : undefined,
    })
    : { kind: "failed", job: own, cause: { reason: "InvalidSpec", message: result.invalid } };
  return {
    name,
    uid: service.uid,
    resourceVersion: service.resourceVersion,
    createdAt: service.createdAt,
    owner: service.owner,
    spec: "spec" in result ? result.spec : undefined,
    ..."spec" in result && result.spec.public && publicViews && { public: true },
    ...target !== DEFAULT_TARGET && { target },
    phase,
    ...attemptOf(objects, service, phase),
    ...restartOf(objects, service, phase, started && "template" in started ? started.template : undefined),
    draining: addresses.draining,
    served,
  };
}

interface Found {
  readonly service: ServiceObject;
  readonly target: ServiceTarget;
  readonly serving: readonly Address[];
  readonly served: string | undefined;
  readonly previous: ViewPhase | undefined;
  readonly cannotStart: Cause | undefined;
}

/** A view without a running Job has failed if none could be started. */
function phaseOf(objects: ViewObjects, found: Found): ViewPhase {
  const phase = jobPhase(objects, found);
  if (phase.kind !== "asleep" && (phase.kind !== "failed" || objects.job && endOf(objects.job) === undefined)) {
    return phase;
  }
  const cause = found.cannotStart ?? (phase.kind === "asleep" ? objects.refused?.cause : undefined);
  if (cause === undefined) return phase;
  const job = phase.kind === "asleep" ? phase.ended : phase.job;
  return { kind: "failed", job, cause, ...phase.spent && { spent: true } };
}

/** The phase according to the view's Job and its pod. */
function jobPhase(
  { job, pods, slices, failedCreates }: ViewObjects,
  { service, target, serving, served, previous, cannotStart }: Found,
): ViewPhase {
  if (job === undefined) return { kind: "asleep", ended: undefined };
  if (job.blockingFinalizers !== undefined) {
    return { kind: "failed", job: job.uid, cause: beingDeletedCause("Job", job.name, job.blockingFinalizers) };
  }
  // Not the view's own to delete: a launch looks whose it is.
  if (job.ownerUid !== service.uid) return { kind: "asleep", ended: undefined };
  if (job.deleting) return { kind: "asleep", ended: job.uid };
  const end = endOf(job);
  if (end !== undefined) {
    const cause = served === job.uid ? undefined : endCause(job, end, pods, previous);
    if (cause !== undefined) return { kind: "failed", job: job.uid, cause };
    return { kind: "asleep", ended: job.uid, ...isSpent(job, pods, served) && { spent: true } };
  }
  if (serving.length > 0) return { kind: "awake", job: job.uid, serving, ...leaseOf(job) };
  const pod = podOf(job, pods);
  if (served === job.uid && (pod === undefined || pod.deleting || isOver(pod))) {
    return { kind: "asleep", ended: job.uid };
  }
  const cause = pod === undefined ? refused(job, failedCreates) : pod.phase === "Failed" && job.backoffLimit === 0
    // Its Job fails too, a second later.
    ? podCause(pod)
    : pendingCause(pod) ?? unreached(pod, target, cannotStart);
  if (cause !== undefined) return { kind: "failed", job: job.uid, cause };
  // A pod that has served before is unready because Kubernetes says so.
  const probe = served === job.uid ? undefined : probeOf(pod, slices, target);
  return { kind: "starting", job: job.uid, step: stepOf(pod), ...probe && { probe }, ...leaseOf(job) };
}

/** Why the Service will never match this pod. */
function unreached(pod: PodObject, target: ServiceTarget, cannotStart: Cause | undefined): Cause | undefined {
  const cause = targetMismatch(target, pod.shape, `pod ${pod.name}`);
  return cause && (cannotStart ?? unreachableCause(pod, cause));
}

function probeOf(
  pod: PodObject | undefined,
  slices: ViewObjects["slices"],
  target: ServiceTarget,
): StartProbe | undefined {
  if (pod?.startProbe === undefined || pod.deleting || isOver(pod)) return undefined;
  for (const slice of slices) {
    const port = portOf(slice, target);
    const endpoint = slice.endpoints.find(({ podUid, terminating }) => podUid === pod.uid && !terminating);
    if (port !== undefined && endpoint) return { pod: pod.uid, path: pod.startProbe, address: endpoint.address, port };
  }
  return undefined;
}

/**
 * Why a Job has ended that was not seen to serve; undefined if its view just fell asleep. A Job that completed, or reached
 * its deadline, may have served before this gateway watched: it has failed only if it was seen not to serve.
 */
function endCause(
  job: JobObject,
  end: Condition,
  pods: readonly PodObject[],
  previous: ViewPhase | undefined,
): Cause | undefined {
  const overdue = end.reason === "DeadlineExceeded";
  const pod = podOf(job, pods);
  if (end.type !== "Complete" && !overdue) return failedCause(end, pod);
  if (previous?.kind === "failed" && previous.job === job.uid) {
    return needsChange(previous.cause) ? undefined : previous.cause;
  }
  if (previous?.kind !== "starting" || previous.job !== job.uid) return undefined;
  if (overdue) return deadlineCause(job, previous.step);
  // The pod of a completed Job stays, unless it was deleted. The Job controller deletes it when the deadline passes, before it
  // sets a condition; if the deadline is extended just then, the Job completes.
  return pod === undefined || pod.deleting ? undefined : endedCause(pod);
}

/**
 * Whether a Job is no longer needed: it has ended, was seen to serve, and has no crashed pod with a log. A Job that was not
 * seen to serve may be a failed start that another gateway has seen.
 */
function isSpent(job: JobObject, pods: readonly PodObject[], served: string | undefined): boolean {
  const over = job.conditions.some(({ type, status }) => /^(Complete|Failed)$/.test(type) && status === "True");
  return over && served === job.uid && pods.every(({ jobUid, phase }) => jobUid !== job.uid || phase === "Succeeded");
}

/** Number of the view's port; undefined if the slice has none of that name. */
function portOf({ ports }: SliceObject, { portName }: ServiceTarget): number | undefined {
  return ports.find(({ name }) => name === portName)?.port;
}

/** The Job's last pod. */
function podOf({ uid }: JobObject, pods: readonly PodObject[]): PodObject | undefined {
  return pods.findLast(({ jobUid }) => jobUid === uid);
}

/** Two creations met at the count of a ResourceQuota. The Job controller tries again. */
export const QUOTA_CONFLICT = /Operation cannot be fulfilled on resourcequotas/;

/** Why there is no pod, if the Job controller gives a reason. */
function refused(job: JobObject, failedCreates: ViewObjects["failedCreates"]): Cause | undefined {
  const last = failedCreates.findLast(({ jobUid, message }) => jobUid === job.uid && !QUOTA_CONFLICT.test(message));
  return last && failedCreateCause(last.message);
}

/** The Job as an attempt, unless the phase is that of a later launch that created no Job. */
function attemptOf(
  { job, pods, refused }: ViewObjects,
  service: ServiceObject,
  phase: ViewPhase,
): { readonly attempt?: StartAttempt } {
  if (job === undefined || job.ownerUid !== service.uid) return {};
  if (phase.kind === "failed" && phase.cause === refused?.cause) return {};
  const { createdAt, failures = 0, digest } = job;
  const failedAt = phase.kind === "failed" ? failureTime(job, pods) : undefined;
  return {
    attempt: {
      createdAt,
      failures,
      ...digest !== undefined && { digest },
      ...failedAt !== undefined && { failedAt },
    },
  };
}

/** What has changed in a running view's spec or template since its pod was created. */
function restartOf(
  { job }: ViewObjects,
  { spec: result }: ServiceObject,
  { kind }: ViewPhase,
  template: Pick<Template, "digest"> | undefined,
): { readonly restartNeeded?: readonly Outdated[] } {
  if (kind !== "awake" && kind !== "starting" || job?.madeFrom === undefined || !("spec" in result)) return {};
  const restartNeeded = outdated(job.madeFrom, result.spec, template);
  return restartNeeded.length > 0 ? { restartNeeded } : {};
}

/** When a Job failed: the time of its condition, or else of its pod's last condition. */
function failureTime(job: JobObject, pods: readonly PodObject[]): string | undefined {
  const pod = podOf(job, pods);
  return endOf(job)?.at ?? pod?.conditions.map(({ at }) => at).toSorted().at(-1);
}

/**
 * The condition by which a Job has ended or is ending: `FailureTarget` and `SuccessCriteriaMet` come first, the final ones
 * once its pods are gone.
 */
function endOf(job: JobObject): Condition | undefined {
  const is = (type: string) =>
    job.conditions.find((condition) => condition.type === type && condition.status === "True");
  const complete = is("Complete") ?? is("SuccessCriteriaMet");
  return complete ? { ...complete, type: "Complete" } : is("Failed") ?? is("FailureTarget");
}

function leaseOf({ startedAt, activeDeadlineSeconds }: JobObject): { readonly lease?: Lease } {
  if (startedAt === undefined || activeDeadlineSeconds === undefined) return {};
  return { lease: { startedAt: Date.parse(startedAt), activeDeadlineSeconds } };
}

function isOver(pod: PodObject): boolean {
  return pod.phase === "Failed" || pod.phase === "Succeeded";
}

function stepOf(pod: PodObject | undefined): StartStep {
  if (pod === undefined) return "no pod";
  if (!pod.conditions.some(({ type, status }) => type === "PodScheduled" && status === "True")) return "scheduling";
  return pod.phase === "Running" ? "waiting for readiness" : "creating container";
}

/**
 * An address counts only if its pod belongs to this Service's present Job: the same slice may contain a pod of a former view
 * with the same name. A pod that has answered the gateway's probe counts as serving while it lives.
 */
function addressesOf({ service, job, slices, pods, answered: answers }: ViewObjects, target: ServiceTarget) {
  const serving: Address[] = [];
  const draining: Address[] = [];
  if (service === undefined || job === undefined || job.ownerUid !== service.uid) return { serving, draining };
  const ending = job.deleting || endOf(job) !== undefined;
  const own = new Map(pods.filter(({ jobUid }) => jobUid === job.uid).map((pod) => [pod.uid, pod]));
  for (const slice of slices) {
    const port = portOf(slice, target);
    for (const { address, serving: says, terminating, podUid } of slice.endpoints) {
      const pod = podUid === undefined ? undefined : own.get(podUid);
      if (port === undefined || pod === undefined) continue;
      const answered = !says && !isOver(pod) && answers.some(({ uid }) => uid === pod.uid);
      const ends = ending || terminating || answered && pod.deleting;
      if ((says || answered) && !ends) serving.push({ address, port });
      else if (says || answered) draining.push({ address, port });
    }
  }
  return { serving, draining };
}

function servedJob({ job }: ViewObjects, serving: readonly Address[], previous: ViewState | undefined) {
  if (job === undefined) return undefined;
  return serving.length > 0 || previous?.served === job.uid ? job.uid : undefined;
}
