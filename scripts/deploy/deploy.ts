import type { ForwardedService } from "../cluster/node/node.ts";
import { CommandError } from "../process/command.ts";
import type { Image, ImageName } from "../image/images.ts";
import { buildImage } from "../image/images.ts";
import type { Kubectl } from "./kubectl.ts";
import { type Customization, writeOverlay } from "./kustomize.ts";
import type { Namespaces } from "./namespaces.ts";
import { step } from "../process/step.ts";
import { temporaryDirectory } from "../process/temporary_directory.ts";

const DEPLOYMENT = "view-gateway";
const SELECTOR = "app.kubernetes.io/name=view-gateway";

/** How long the gateway's pods may take to become ready. */
const ROLLOUT = "180s";

/** Takes an image into a cluster that cannot, or need not, pull it. */
export type LoadImage = (archive: string, signal?: AbortSignal) => Promise<void>;

/** Builds images, takes them into the cluster, and answers their references. */
export async function provideImages(
  names: readonly ImageName[],
  load: LoadImage,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const images: Image[] = [];
  // One after the other: each build uses all cores.
  for (const name of names) images.push(await buildImage(name, { signal }));
  for (const { reference, archive } of images) await step(`Loading ${reference}`, () => load(archive, signal));
  return images.map(({ reference }) => reference);
}

/**
 * Applies a gateway and waits until all its pods are ready.
 * @throws CommandError with what the pods do instead
 */
export async function deploy(kubectl: Kubectl, customization: Customization, signal?: AbortSignal): Promise<void> {
  const { namespaces } = customization;
  const namespace = namespaces.gateway;
  await using directory = await temporaryDirectory({ prefix: "view-gateway-overlay-" });
  await writeOverlay(directory.path, customization);
  await kubectl.run(["apply", "--kustomize", directory.path], { signal });
  const rollout = ["rollout", "status", `deployment/${DEPLOYMENT}`, `--namespace=${namespace}`, `--timeout=${ROLLOUT}`];
  try {
    await step(`Waiting for the gateway in namespace ${namespace}`, () => kubectl.run(rollout, { signal }));
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new CommandError(`${error.message}\n\n${await diagnosis(kubectl, namespaces, signal)}`, { cause: error });
  }
}

/** Where a gateway that is deployed is reached. */
export async function gatewayService(
  kubectl: Kubectl,
  { gateway }: Namespaces,
  signal?: AbortSignal,
): Promise<ForwardedService> {
  const get = ["get", "service", DEPLOYMENT, `--namespace=${gateway}`];
  const { spec } = await kubectl.json<GatewayService>(get, { signal });
  const { port, nodePort } = spec.ports[0]!;
  return { clusterIP: spec.clusterIP, port, nodePort };
}

interface GatewayService {
  readonly spec: {
    readonly clusterIP: string;
    readonly ports: readonly { readonly port: number; readonly nodePort: number }[];
  };
}

/** What the pods of a gateway and of its views do, what has happened to them, and what the gateway said last. */
export async function diagnosis(
  kubectl: Kubectl,
  { gateway, views }: Namespaces,
  signal?: AbortSignal,
  lines = 15,
): Promise<string> {
  const pods = ["get", "pods", "--output=wide"];
  const events = ["get", "events", "--sort-by=.metadata.creationTimestamp"];
  const logs = ["logs", `--selector=${SELECTOR}`, "--all-containers", "--prefix", `--tail=${lines}`];
  const parts: readonly (readonly [string, string, readonly string[]])[] = [
    ...[gateway, views].flatMap((namespace) => [["Pods", namespace, pods], ["Events", namespace, events]] as const),
    ["Logs", gateway, logs],
  ];
  const found: string[] = [];
  for (const [title, namespace, args] of parts) {
    const text = await kubectl.run([...args, `--namespace=${namespace}`], { signal }).catch((error) => {
      if (error instanceof CommandError) return error.message;
      throw error;
    });
    const shown = title === "Events" ? text.trimEnd().split("\n").slice(-lines).join("\n") : text.trimEnd();
    found.push(`${title} in namespace ${namespace}:\n${shown}`);
  }
  return found.join("\n\n");
}
