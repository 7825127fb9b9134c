import { apps } from "./cluster.ts";
import { until } from "../until.ts";

export interface DeploymentName {
  readonly namespace: string;
  readonly name: string;
}

/** Where the example's issuer runs. */
export const ISSUER: DeploymentName = { namespace: "sign-in", name: "provider" };

/** Sets the number of a Deployment's pods, and waits until it has them. */
export async function scaleDeployment(one: DeploymentName, replicas: number): Promise<void> {
  const body = [{ op: "replace", path: "/spec/replicas", value: replicas }];
  await apps.patchNamespacedDeployment({ ...one, body });
  await untilScaled(one, replicas);
}

/** Resolves when a Deployment has as many pods, and all of them are available. */
export async function untilScaled(one: DeploymentName, replicas: number): Promise<void> {
  await until(`${one.name} has ${replicas} pods`, async () => {
    const { status } = await apps.readNamespacedDeployment(one);
    return (status?.availableReplicas ?? 0) === replicas && (status?.replicas ?? 0) === replicas;
  }, { within: 90_000, every: 500 });
}
