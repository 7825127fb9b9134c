import { failedCause, pendingCause } from "./cause.ts";
import type { Condition, JobObject, PodObject, ServiceObject, ViewObjects } from "./objects.ts";
import type { Lease } from "./lease.ts";
import { specOf } from "./service.ts";
import type { Address, Phase, Step, ViewState } from "./state.ts";

/**
 * What a view is doing, from all that Kubernetes holds of its name; undefined where there is no such view, or it is
 * being deleted. `previous` only tells whether the present Job has ever served.
 */
export function derive(objects: ViewObjects, previous: ViewState | undefined): ViewState | undefined {
  const { name, service } = objects;
  if (service === undefined || service.deleting) return undefined;
  const result = specOf(service);
  const addresses = addressesOf(objects);
  const served = servedJob(objects, addresses.serving, previous);
  return {
    name,
    uid: service.uid,
    createdAt: service.createdAt,
    spec: "spec" in result ? result.spec : undefined,
    phase: "spec" in result
      ? phaseOf(objects, service, addresses.serving, served)
      : { kind: "failed", job: undefined, cause: { reason: "InvalidSpec", message: result.invalid } },
    draining: addresses.draining,
    served,
  };
}

function phaseOf(
  { job, pods }: ViewObjects,
  service: ServiceObject,
  serving: readonly Address[],
  served: string | undefined,
): Phase {
  if (job === undefined) return { kind: "asleep", ended: undefined };
  if (job.ownerUid !== service.uid || job.deleting) return { kind: "asleep", ended: job.uid };
  const end = endOf(job);
  if (end !== undefined) {
    const fellAsleep = end.type === "Complete" || end.reason === "DeadlineExceeded" || served === job.uid;
    return fellAsleep
      ? { kind: "asleep", ended: job.uid }
      : { kind: "failed", job: job.uid, cause: failedCause(job, end, pods) };
  }
  if (serving.length > 0) return { kind: "awake", job: job.uid, serving, ...leaseOf(job) };
  const pod = pods.findLast(({ jobUid }) => jobUid === job.uid);
  if (served === job.uid && (pod === undefined || pod.deleting || isOver(pod))) {
    return { kind: "asleep", ended: job.uid };
  }
  const cause = pod && pendingCause(pod);
  return cause === undefined
    ? { kind: "starting", job: job.uid, step: stepOf(pod), ...leaseOf(job) }
    : { kind: "failed", job: job.uid, cause };
}

/**
 * The condition by which a Job has ended, or surely will: `FailureTarget` and `SuccessCriteriaMet` come first, the
 * final ones once its pods are gone.
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

function stepOf(pod: PodObject | undefined): Step {
  if (pod === undefined) return "no pod";
  if (!pod.conditions.some(({ type, status }) => type === "PodScheduled" && status === "True")) return "scheduling";
  return pod.phase === "Running" ? "waiting for readiness" : "creating container";
}

/**
 * An address counts only if its pod's Job is the present one of this very Service: a pod of a former view of the same
 * name may live on beside it, in the same slice.
 */
function addressesOf({ service, job, slices, pods }: ViewObjects) {
  const serving: Address[] = [];
  const draining: Address[] = [];
  if (service === undefined || job === undefined || job.ownerUid !== service.uid) return { serving, draining };
  const ending = job.deleting || endOf(job) !== undefined;
  const own = new Set(pods.filter(({ jobUid }) => jobUid === job.uid).map(({ uid }) => uid));
  for (const { port, endpoints } of slices) {
    for (const { address, serving: serves, terminating, podUid } of endpoints) {
      if (port === undefined || podUid === undefined || !own.has(podUid)) continue;
      if (serves && !terminating && !ending) serving.push({ address, port });
      else if (serves) draining.push({ address, port });
    }
  }
  return { serving, draining };
}

function servedJob({ job }: ViewObjects, serving: readonly Address[], previous: ViewState | undefined) {
  if (job === undefined) return undefined;
  return serving.length > 0 || previous?.served === job.uid ? job.uid : undefined;
}
