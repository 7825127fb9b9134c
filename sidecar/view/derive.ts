/** Derives what a view is doing from its Kubernetes objects; nothing in this folder does I/O. */

import { addressesOf, addressOf } from "./addresses.ts";
import { assignmentOf, isUnassignable, isUnassigned } from "./assignment.ts";
import {
  failedCreateCause,
  isQuotaConflict,
  needsChange,
  pendingCause,
  podCause,
  podLog,
  unreachableCause,
} from "./cause.ts";
import { beingDeletedCause } from "./deletion.ts";
import { endCause, endOf, failureTime, isSpent } from "./job_end.ts";
import { isEnding, placeholderOf, podOf, podStep } from "./job_pod.ts";
import type { Lease } from "./lease.ts";
import { type Outdated, outdated } from "./made_from.ts";
import type { JobObject, PodObject, ServiceObject, ViewObjects } from "./objects.ts";
import { DEFAULT_TARGET, type ServiceTarget, targetMismatch } from "./service_target.ts";
import type { Startable } from "./start.ts";
import { startTimesOf } from "./start_times.ts";
import type { Template } from "./template.ts";
import {
  type Address,
  type Cause,
  isRunningPhase,
  type StartAttempt,
  type StartProbe,
  type ViewPhase,
  type ViewState,
} from "./state.ts";
import { viewPodOf } from "./view_pod.ts";

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
    ...job !== undefined && isRunningPhase(phase) && viewPodOf(job, objects.pods, target),
    ...attemptOf(objects, service, phase, previous),
    ...logOf(objects, phase),
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
  const phase = withPodless(jobPhase(objects, found), found.previous);
  if (phase.kind !== "asleep" && (phase.kind !== "failed" || objects.job && endOf(objects.job) === undefined)) {
    return phase;
  }
  const cause = found.cannotStart ?? (phase.kind === "asleep" ? objects.refused?.cause : undefined);
  if (cause === undefined) return phase;
  const job = phase.kind === "asleep" ? phase.ended : phase.job;
  return { kind: "failed", job, cause, ...phase.spent && { spent: true } };
}

/** A view whose last Job got no pod sleeps otherwise than others: its next Job must not come too soon. */
function withPodless(phase: ViewPhase, previous: ViewPhase | undefined): ViewPhase {
  return phase.kind === "asleep" && previous && "podless" in previous ? { ...phase, podless: true } : phase;
}

/** The phase according to the view's Job and its pod. */
function jobPhase(objects: ViewObjects, found: Found): ViewPhase {
  const { job, pods } = objects;
  const { service, target, serving, served, previous, cannotStart } = found;
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
  const unassigned = pod !== undefined && isUnassigned(pod, objects);
  if (served === job.uid && (pod === undefined || isEnding(pod)) || unassigned && isUnassignable(pod, objects)) {
    return { kind: "asleep", ended: job.uid };
  }
  const placeholder = placeholderOf(job, pods);
  const cause = placeholder !== undefined
    ? undefined
    : pod === undefined
    ? refused(job, objects.failedCreates)
    : pod.phase === "Failed" && job.backoffLimit === 0
    // Its Job fails too, a second later.
    ? podCause(pod)
    : pendingCause(pod) ?? unreached(pod, target, cannotStart);
  if (cause !== undefined) return { kind: "failed", job: job.uid, cause };
  const start = { kind: "starting", job: job.uid, ...leaseOf(job) } as const;
  if (unassigned) {
    const assignment = assignmentOf(pod, target);
    return { ...start, step: "assigning", ...assignment && { assignment } };
  }
  // A pod that has served before is unready because Kubernetes says so.
  const probe = served === job.uid ? undefined : probeOf(pod, target);
  const step = podStep(placeholder === undefined ? pod : undefined);
  const podless = isPodless(objects, job);
  return {
    ...start,
    step,
    ...probe && { probe },
    ...placeholder && { placeholder },
    ...podless && { podless },
  };
}

/** Whether the Job controller leaves the Job without a pod, and has told no cause. */
function isPodless({ pods, failedCreates }: ViewObjects, { uid, podless }: JobObject): boolean {
  return podless === true && ![...pods, ...failedCreates].some(({ jobUid }) => jobUid === uid);
}

/** Why the Service will never match this pod. */
function unreached(pod: PodObject, target: ServiceTarget, cannotStart: Cause | undefined): Cause | undefined {
  const cause = targetMismatch(target, pod.shape, `pod ${pod.name}`);
  return cause && (cannotStart ?? unreachableCause(pod, cause));
}

function probeOf(pod: PodObject | undefined, target: ServiceTarget): StartProbe | undefined {
  // A claimed pod was ready before: what Kubernetes says now counts.
  if (pod?.startProbe === undefined || pod.claimedFrom !== undefined || isEnding(pod)) return undefined;
  const address = addressOf(pod, target);
  return address && { pod: pod.uid, path: pod.startProbe, ...address };
}

/** Milliseconds in which a Job whose placeholder is refused may still get a claimed pod. */
const CLAIM_TIME = 2_000;

/** Why there is no pod, if the Job controller gives a reason. */
function refused(job: JobObject, failedCreates: ViewObjects["failedCreates"]): Cause | undefined {
  const since = job.gated ? Date.parse(job.createdAt) + CLAIM_TIME : -Infinity;
  const last = failedCreates.findLast(({ jobUid, message, at }) =>
    jobUid === job.uid && !isQuotaConflict(message) && !(Date.parse(at) < since)
  );
  return last && failedCreateCause(last.message);
}

/** The Job as an attempt, unless the phase is that of a later launch that created no Job. */
function attemptOf(
  { job, pods, refused }: ViewObjects,
  service: ServiceObject,
  phase: ViewPhase,
  previous: ViewState | undefined,
): { readonly attempt?: StartAttempt } {
  if (job === undefined || job.ownerUid !== service.uid) return {};
  if (phase.kind === "failed" && phase.cause === refused?.cause) return {};
  const { createdAt, failures = 0, digest } = job;
  const failedAt = phase.kind === "failed" ? failureTime(job, pods) : undefined;
  const times = phase.kind === "asleep"
    ? undefined
    // What Kubernetes notes after that is no part of the start.
    : phase.kind === "awake" && previous?.served === job.uid
    ? previous.attempt?.times
    : startTimesOf(podOf(job, pods));
  return {
    attempt: {
      createdAt,
      failures,
      ...digest !== undefined && { digest },
      ...failedAt !== undefined && { failedAt },
      ...times !== undefined && { times },
    },
  };
}

/** What the container logged last by which the phase's Job has failed: nothing if the view has failed by something else. */
function logOf({ job, pods, refused }: ViewObjects, phase: ViewPhase): { readonly failedLog?: string } {
  if (phase.kind !== "failed" || job === undefined || phase.job !== job.uid) return {};
  if (phase.cause === refused?.cause || needsChange(phase.cause)) return {};
  const pod = podOf(job, pods);
  const failedLog = pod && podLog(pod);
  return failedLog ? { failedLog } : {};
}

/** What has changed in a running view's spec or template since its pod was created. */
function restartOf(
  { job }: ViewObjects,
  { spec: result }: ServiceObject,
  phase: ViewPhase,
  template: Pick<Template, "digest"> | undefined,
): { readonly restartNeeded?: readonly Outdated[] } {
  if (!isRunningPhase(phase) || job?.madeFrom === undefined || !("spec" in result)) return {};
  const restartNeeded = outdated(job.madeFrom, result.spec, template);
  return restartNeeded.length > 0 ? { restartNeeded } : {};
}

function leaseOf({ startedAt, activeDeadlineSeconds }: JobObject): { readonly lease?: Lease } {
  if (startedAt === undefined || activeDeadlineSeconds === undefined) return {};
  return { lease: { startedAt: Date.parse(startedAt), activeDeadlineSeconds } };
}

function servedJob({ job }: ViewObjects, serving: readonly Address[], previous: ViewState | undefined) {
  if (job === undefined) return undefined;
  return serving.length > 0 || previous?.served === job.uid ? job.uid : undefined;
}
