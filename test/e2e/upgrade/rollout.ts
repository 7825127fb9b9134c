import type { V1Pod } from "@kubernetes/client-node";
import { apps, core, isReady } from "../cluster/cluster.ts";
import { kubectlOutput } from "../cluster/kubectl_output.ts";
import { environment } from "../environment.ts";
import { Gateway } from "../gateway/gateway.ts";
import type { Replica } from "../gateway/replica.ts";
import { until } from "../until.ts";

export type Version = "former" | "this";

const DEPLOYMENT = "deployment/view-gateway";
const SELECTOR = "app.kubernetes.io/name=view-gateway";

/** Milliseconds that a gateway may take to become ready, or to end. */
const LIMIT = 120_000;

/** Both versions of a gateway at work. */
export interface Both {
  readonly gateway: Gateway;
  /** The version that was there. */
  readonly before: Replica;
  /** The version that comes. */
  readonly after: Replica;
}

/** Deploys a version where there is no gateway yet. */
export async function deployVersion(version: Version): Promise<Gateway> {
  await apply(version);
  await rolledOut();
  return await Gateway.of(environment().upgradeNamespace);
}

/**
 * Rolls the gateway to a version, as docs/UPGRADE.md says. Resolves when the version that was there is gone.
 * @param meanwhile called while both are there: the rollout waits for it
 * @param then called when only the version that comes gets new connections
 */
export async function roll(
  version: Version,
  meanwhile: ((both: Both) => Promise<void>) | undefined,
  then: () => Promise<void>,
): Promise<void> {
  const before = await sidecarImage();
  await apply(version);
  if (meanwhile !== undefined) await pauseFor(before, meanwhile);
  await rolledOut();
  const gone = async () => !(await gatewayPods()).some((pod) => imageOf(pod) === before);
  await Promise.all([
    then(),
    until("the version that was there is gone", gone, { within: LIMIT, every: 500 }),
  ]);
}

async function pauseFor(before: string, meanwhile: (both: Both) => Promise<void>): Promise<void> {
  const coming = async () => (await gatewayPods()).filter((pod) => imageOf(pod) !== before);
  // A rollout that is paused before its first pod would not begin.
  await until("the first pod of the version that comes", async () => (await coming()).length > 0);
  await kubectlOutput(["rollout", "pause", DEPLOYMENT, ...inNamespace()]);
  try {
    await until("it is ready", async () => (await coming()).some(isReady), { within: LIMIT, every: 250 });
    await meanwhile(await both(before));
  } finally {
    await kubectlOutput(["rollout", "resume", DEPLOYMENT, ...inNamespace()]);
  }
}

async function apply(version: Version): Promise<void> {
  await kubectlOutput(["apply", "--kustomize", environment().overlays[version]]);
}

async function rolledOut(): Promise<void> {
  await kubectlOutput(["rollout", "status", DEPLOYMENT, ...inNamespace(), "--timeout=180s"]);
}

function inNamespace(): readonly string[] {
  return [`--namespace=${environment().upgradeNamespace}`];
}

async function both(before: string): Promise<Both> {
  const gateway = await Gateway.of(environment().upgradeNamespace);
  const images = new Map((await gatewayPods()).map((pod) => [pod.metadata!.name!, imageOf(pod)]));
  const ofVersion = (isFormer: boolean) =>
    gateway.replicas.find(({ pod }) => (images.get(pod) === before) === isFormer)!;
  return { gateway, before: ofVersion(true), after: ofVersion(false) };
}

async function gatewayPods(): Promise<readonly V1Pod[]> {
  const { upgradeNamespace: namespace } = environment();
  return (await core.listNamespacedPod({ namespace, labelSelector: SELECTOR })).items;
}

async function sidecarImage(): Promise<string> {
  const { upgradeNamespace: namespace } = environment();
  const { spec } = await apps.readNamespacedDeployment({ namespace, name: "view-gateway" });
  return imageOf(spec!.template);
}

function imageOf({ spec }: Pick<V1Pod, "spec">): string {
  return spec!.initContainers!.find(({ name }) => name === "sidecar")!.image!;
}
