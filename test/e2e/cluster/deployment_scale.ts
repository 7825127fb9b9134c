import { apps } from "./cluster.ts";
import { until } from "../until.ts";

/** Where the example's issuer runs. */
export const ISSUER = { namespace: "sign-in", name: "provider" };

/** Sets the number of a Deployment's pods, and waits until as many are ready. */
export async function scaleDeployment(
  one: { readonly namespace: string; readonly name: string },
  replicas: number,
): Promise<void> {
  const body = await apps.readNamespacedDeploymentScale(one);
  await apps.replaceNamespacedDeploymentScale({ ...one, body: { ...body, spec: { replicas } } });
  await until(`${one.name} has ${replicas} pods`, async () => {
    const { status } = await apps.readNamespacedDeployment(one);
    return (status?.readyReplicas ?? 0) === replicas;
  });
}
