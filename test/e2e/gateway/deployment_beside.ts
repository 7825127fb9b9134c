import type { V1Deployment, V1PodSpec } from "@kubernetes/client-node";
import { apps, core, ifThere } from "../cluster/cluster.ts";
import { scaleDeployment, untilScaled } from "../cluster/deployment_scale.ts";
import { until } from "../until.ts";

const NAME = "view-gateway";

/** Another Deployment of the same gateway, whose pods differ, with one replica. Its Service leads to them too. */
export async function deployBeside(
  namespace: string,
  name: string,
  change: (pod: V1PodSpec) => void,
): Promise<void> {
  const { metadata, spec } = await apps.readNamespacedDeployment({ namespace, name: NAME });
  const labels = { ...spec!.template.metadata!.labels, beside: name };
  const pod = structuredClone(spec!.template.spec!);
  change(pod);
  const body: V1Deployment = {
    metadata: { name, labels: { ...metadata!.labels } },
    spec: {
      replicas: 1,
      selector: { matchLabels: { ...spec!.selector.matchLabels, beside: name } },
      template: { metadata: { ...spec!.template.metadata, labels }, spec: pod },
    },
  };
  await apps.createNamespacedDeployment({ namespace, body });
  await untilScaled({ namespace, name }, 1);
}

/** The same, until the end of the scope. Its pods do not drain. */
export async function besideGateway(
  namespace: string,
  name: string,
  change: (pod: V1PodSpec) => void,
): Promise<AsyncDisposable> {
  const remove = () => removeBeside(namespace, name);
  try {
    await deployBeside(namespace, name, (pod) => {
      change(pod);
      pod.terminationGracePeriodSeconds = 1;
      for (const container of pod.containers) delete container.lifecycle;
    });
  } catch (error) {
    await remove();
    throw error;
  }
  return { [Symbol.asyncDispose]: remove };
}

/** Sets variables of the sidecar's environment. */
export function setVariables(
  { initContainers }: V1PodSpec,
  variables: Readonly<Record<string, string | number>>,
): void {
  const sidecar = initContainers!.find(({ name }) => name === "sidecar")!;
  for (const [name, value] of Object.entries(variables)) sidecar.env!.push({ name, value: String(value) });
}

/** Resolves when its pods have finished their drain: until then their sidecars are at work. */
export async function removeBeside(namespace: string, name: string): Promise<void> {
  await ifThere(apps.deleteNamespacedDeployment({ namespace, name }));
  await until(`the pods of ${name} are gone`, async () => {
    const { items } = await core.listNamespacedPod({ namespace, labelSelector: `beside=${name}` });
    return items.length === 0;
  }, { within: 90_000, every: 500 });
}

/** Sets the number of the gateway's own replicas, and waits for them. */
export async function scaleGateway(namespace: string, replicas: number): Promise<void> {
  await scaleDeployment({ namespace, name: NAME }, replicas);
}
