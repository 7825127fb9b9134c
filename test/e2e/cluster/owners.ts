import { type V1Job, type V1Pod, Watch } from "@kubernetes/client-node";
import { config, NAME_LABEL } from "./cluster.ts";

/** Knows the Service of each pod of a view's name, even after the pod is gone. */
export interface Owners extends Disposable {
  /** UID of the Service whose Job made a pod. */
  serviceOf(pod: string): string | undefined;
}

/** Watches the owners of a view's pods from now on. */
export async function watchOwners(
  namespace: string,
  view: string,
): Promise<Owners> {
  const jobs = new Map<string, string>();
  const pods = new Map<string, string>();
  const watch = (path: string, learn: (object: V1Job | V1Pod) => void) =>
    new Watch(config).watch(
      `${path}/namespaces/${namespace}/${path.endsWith("batch/v1") ? "jobs" : "pods"}`,
      { labelSelector: `${NAME_LABEL}=${view}` },
      (_type, object: V1Job | V1Pod) => learn(object),
      () => {},
    );
  const owner = (object: V1Job | V1Pod, kind: string) =>
    object.metadata?.ownerReferences?.find((reference) => reference.kind === kind)?.uid;
  const watches = await Promise.all([
    watch(
      "/apis/batch/v1",
      (job) => jobs.set(job.metadata!.uid!, owner(job, "Service") ?? "none"),
    ),
    watch(
      "/api/v1",
      (pod) => pods.set(pod.metadata!.name!, owner(pod, "Job") ?? "none"),
    ),
  ]);
  return {
    serviceOf: (pod) => jobs.get(pods.get(pod) ?? "none"),
    [Symbol.dispose]: () => watches.forEach((each) => each.abort()),
  };
}
