/** What of a namespace's views and warm pools is not as it should be once everything is at rest. */
import type { V1Job, V1ObjectMeta, V1Pod } from "@kubernetes/client-node";
import { batch, core, isReady, NAME_LABEL, POOL_LABEL } from "../cluster/cluster.ts";
import { isEnding, isOwnedBy, isPoolOf } from "../gateway/pool_jobs.ts";
import { poolTemplates } from "../gateway/templates.ts";

/**
 * Pods without their Job, Jobs of no view and no pool, views with two pods, and pools that are not whole: a line for each.
 * Objects that are neither a view's nor a pool's do not count.
 */
export async function straysIn(namespace: string): Promise<readonly string[]> {
  const [services, jobs, pods, wanted] = await Promise.all([
    core.listNamespacedService({ namespace, labelSelector: NAME_LABEL }),
    batch.listNamespacedJob({ namespace }),
    core.listNamespacedPod({ namespace }),
    poolTemplates(namespace),
  ]);
  const views = new Set(services.items.map(({ metadata }) => metadata!.uid!));
  return [
    ...jobs.items.filter(isOurs).flatMap((job) => wrongWithJob(job, views, pods.items)),
    ...pods.items.filter(isOurs).flatMap((pod) => wrongWithPod(pod, jobs.items)),
    ...wanted.flatMap(({ template, size }) => wrongWithPool(template, size, jobs.items, pods.items)),
  ];
}

interface Labelled {
  readonly metadata?: V1ObjectMeta;
}

function labelOf({ metadata }: Labelled, label: string): string | undefined {
  return metadata?.labels?.[label];
}

function isOurs(object: Labelled): boolean {
  return labelOf(object, NAME_LABEL) !== undefined ||
    labelOf(object, POOL_LABEL) !== undefined;
}

function wrongWithJob(
  job: V1Job,
  views: ReadonlySet<string>,
  pods: readonly V1Pod[],
): readonly string[] {
  if (labelOf(job, POOL_LABEL) !== undefined) return [];
  const { name, ownerReferences = [] } = job.metadata!;
  if (!ownerReferences.some(({ uid }) => views.has(uid))) {
    return [`Job ${name} without its view`];
  }
  const count = livingPodsOf(job, pods).length;
  return count > 1 ? [`Job ${name} with ${count} pods`] : [];
}

function livingPodsOf(job: V1Job, pods: readonly V1Pod[]): readonly V1Pod[] {
  return pods.filter((pod) => {
    const { phase = "" } = pod.status ?? {};
    return pod.metadata!.deletionTimestamp === undefined &&
      /^(Pending|Running)$/.test(phase) && isOwnedBy(pod, job);
  });
}

function wrongWithPod(pod: V1Pod, jobs: readonly V1Job[]): readonly string[] {
  const { name } = pod.metadata!;
  const job = jobs.find((job) => isOwnedBy(pod, job));
  if (job === undefined) return [`pod ${name} without its Job`];
  const differs = [NAME_LABEL, POOL_LABEL].some((label) => labelOf(pod, label) !== labelOf(job, label));
  return differs
    ? [
      `pod ${name} of Job ${job.metadata!.name} with the labels of another one`,
    ]
    : [];
}

function wrongWithPool(
  template: string,
  size: number,
  jobs: readonly V1Job[],
  pods: readonly V1Pod[],
): readonly string[] {
  const pools = jobs.filter((job) => isPoolOf(job, template) && !isEnding(job));
  const ready = pools.map((job) => pods.filter((pod) => isOwnedBy(pod, job) && isReady(pod)).length);
  // A pool that was made from an older text of the template ends by its lease.
  return ready.includes(size) ? [] : [
    `template ${template} with ${ready.join(", ") || 0} of ${size} pods in its pool`,
  ];
}
