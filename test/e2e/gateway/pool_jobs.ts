/** The warm pools of a namespace, as Kubernetes has them. */
import type { V1Job, V1Pod } from "@kubernetes/client-node";
import { batch, core, isReady, POOL_LABEL } from "../cluster/cluster.ts";

/** On a pool's Job: the name of its template. */
const TEMPLATE_ANNOTATION = "view.yolean.se/template";

/** The Jobs that are pools of a template, without those that end. */
export async function poolsOf(
  namespace: string,
  template: string,
): Promise<readonly V1Job[]> {
  const { items } = await batch.listNamespacedJob({
    namespace,
    labelSelector: POOL_LABEL,
  });
  return items.filter((job) => isPoolOf(job, template) && !isEnding(job));
}

/** The pods of a template's pools that a view can claim. */
export async function poolPodsOf(
  namespace: string,
  template: string,
): Promise<readonly V1Pod[]> {
  const pools = await poolsOf(namespace, template);
  const { items } = await core.listNamespacedPod({
    namespace,
    labelSelector: POOL_LABEL,
  });
  return items.filter((pod) => isReady(pod) && pools.some((pool) => isOwnedBy(pod, pool)));
}

export function isPoolOf({ metadata }: V1Job, template: string): boolean {
  return metadata?.labels?.[POOL_LABEL] !== undefined && metadata.annotations?.[TEMPLATE_ANNOTATION] === template;
}

/** Whether a Job has ended or is about to. */
export function isEnding({ metadata, status }: V1Job): boolean {
  const ending = /^(Complete|Failed|FailureTarget|SuccessCriteriaMet)$/;
  return metadata?.deletionTimestamp !== undefined ||
    status?.conditions?.some(({ type, status }) => status === "True" && ending.test(type)) === true;
}

export function isOwnedBy({ metadata }: V1Pod, job: V1Job): boolean {
  return metadata?.ownerReferences?.some(({ uid }) => uid === job.metadata!.uid) === true;
}
