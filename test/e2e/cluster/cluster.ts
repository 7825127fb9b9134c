import {
  ApiException,
  AppsV1Api,
  BatchV1Api,
  CoreV1Api,
  DiscoveryV1Api,
  KubeConfig,
  RbacAuthorizationV1Api,
  type V1Job,
  type V1Pod,
  Watch,
} from "@kubernetes/client-node";

/** The cluster that KUBECONFIG, or kubectl's current context, names. */
export const config = new KubeConfig();
config.loadFromDefault();

export const core = config.makeApiClient(CoreV1Api);
export const apps = config.makeApiClient(AppsV1Api);
export const batch = config.makeApiClient(BatchV1Api);
export const rbac = config.makeApiClient(RbacAuthorizationV1Api);
export const discovery = config.makeApiClient(DiscoveryV1Api);

/** The label with the view's name on each of its objects. */
export const NAME_LABEL = "view.yolean.se/name";

/** The label of a warm pool's Job and of its pods, until a view claims them. */
export const POOL_LABEL = "view.yolean.se/pool";

/** The call's answer, or undefined if there is no such object. */
export async function ifThere<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ApiException && error.code === 404) return undefined;
    throw error;
  }
}

export async function podsOf(
  namespace: string,
  view: string,
): Promise<readonly V1Pod[]> {
  return (await core.listNamespacedPod({
    namespace,
    labelSelector: `${NAME_LABEL}=${view}`,
  })).items;
}

/** Whether a pod is ready and is not being deleted. */
export function isReady({ metadata, status }: V1Pod): boolean {
  return metadata?.deletionTimestamp === undefined &&
    status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") === true;
}

/** All objects of a view, as `Kind/name`. */
export async function objectsOf(
  namespace: string,
  view: string,
): Promise<readonly string[]> {
  const selection = { namespace, labelSelector: `${NAME_LABEL}=${view}` };
  const lists = await Promise.all([
    core.listNamespacedService(selection),
    batch.listNamespacedJob(selection),
    core.listNamespacedPod(selection),
    core.listNamespacedSecret(selection),
    discovery.listNamespacedEndpointSlice(selection),
  ]);
  const kinds = ["Service", "Job", "Pod", "Secret", "EndpointSlice"];
  return lists.flatMap(({ items }, i) => items.map(({ metadata }) => `${kinds[i]}/${metadata?.name}`));
}

/** The UIDs of all Jobs that a view has from now on. */
export async function watchJobs(
  namespace: string,
  view: string,
): Promise<{ readonly uids: Set<string> } & Disposable> {
  const uids = new Set<string>();
  const selector = { labelSelector: `${NAME_LABEL}=${view}` };
  const watch = await new Watch(config).watch(
    `/apis/batch/v1/namespaces/${namespace}/jobs`,
    selector,
    (_type, job: V1Job) => {
      if (job.metadata?.uid !== undefined) uids.add(job.metadata.uid);
    },
    () => {},
  );
  return { uids, [Symbol.dispose]: () => watch.abort() };
}
