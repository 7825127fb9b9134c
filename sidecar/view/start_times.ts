import type { PodObject } from "./objects.ts";

/**
 * When Kubernetes says that the pod of a start came so far. All are RFC 3339, in whole seconds. Missing for a claimed pod: that
 * one was started in a pool, before its view asked for it.
 */
export interface StartTimes {
  readonly created: string;
  readonly scheduled?: string;
  /** When the last of its containers started, once all init containers are done. */
  readonly running?: string;
  readonly ready?: string;
}

export function startTimesOf(pod: PodObject | undefined): StartTimes | undefined {
  if (pod === undefined || pod.claimedFrom !== undefined) return undefined;
  const since = (condition: string) =>
    pod.conditions.find(({ type, status }) => type === condition && status === "True")?.at || undefined;
  const [scheduled, ready] = [since("PodScheduled"), since("Ready")];
  const running = pod.phase === "Pending"
    ? undefined
    : pod.containers.flatMap(({ startedAt }) => startedAt ?? []).toSorted().at(-1);
  return {
    created: pod.createdAt,
    ...scheduled !== undefined && { scheduled },
    ...running !== undefined && { running },
    ...ready !== undefined && { ready },
  };
}
