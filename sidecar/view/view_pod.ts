import { assignmentOf } from "./assignment.ts";
import { podOf } from "./job_pod.ts";
import type { JobObject, PodObject } from "./objects.ts";
import type { ServiceTarget } from "./service_target.ts";
import type { StartKind, ViewPod } from "./state.ts";

/** What the state of a starting or awake view tells of its pod. */
export function viewPodOf(
  job: JobObject,
  pods: readonly PodObject[],
  target: ServiceTarget,
): { readonly pod?: ViewPod; readonly start?: StartKind } {
  const pod = podOf(job, pods);
  // A pod may still be claimed for a gated Job.
  if (pod === undefined) return job.gated ? {} : { start: "cold" };
  const { name, uid, createdAt, claimedFrom, credentialsEnd } = pod;
  const claimed = claimedFrom !== undefined;
  const assignment = assignmentOf(pod, target);
  return {
    pod: {
      ...{ name, uid, createdAt },
      ...claimed && { claimed },
      ...assignment && { assignment },
      ...credentialsEnd !== undefined && { credentialsEnd },
    },
    start: claimed ? "warm" : "cold",
  };
}
