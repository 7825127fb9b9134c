import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Kubectl } from "./kubectl.ts";
import { type Customization, splitReference } from "./kustomize.ts";
import { step } from "../process/step.ts";
import { temporaryDirectory } from "../process/temporary_directory.ts";

const example = fileURLToPath(new URL("../../example", import.meta.url));

/** The overlay of a gateway that reads the lake. */
export const LAKE_OVERLAY = "overlays/lake";

/** Images that the example with data needs, beside the gateway's. */
export const LAKE_IMAGES = ["example-lake", "example-duckdb", "example-browser"] as const;

export const LAKE_NAMESPACE = "lake";

/** How long MinIO may take to start, and the lake to fill. */
const LIMIT = "180s";

/** Workload templates of the example's views, by name. */
export async function lakeTemplates(): Promise<Readonly<Record<string, string>>> {
  const names = ["duckdb", "browser"];
  const texts = await Promise.all(names.map((name) => Deno.readTextFile(join(example, `templates/${name}.yaml`))));
  return Object.fromEntries(names.map((name, i) => [name, texts[i]!]));
}

/** The settings of a gateway that reads the lake. */
export type LakeAccess = Required<Pick<Customization, "environment" | "hosts">>;

/**
 * Starts the example's MinIO in a namespace of its own and fills it, unless it is filled already.
 * @param images references as `REPOSITORY:TAG`
 */
export async function deployLake(
  kubectl: Kubectl,
  images: readonly string[],
  signal?: AbortSignal,
): Promise<LakeAccess> {
  await using directory = await temporaryDirectory({ prefix: "view-gateway-lake-" });
  const kustomization = {
    apiVersion: "kustomize.config.k8s.io/v1beta1",
    kind: "Kustomization",
    // Kustomize takes no absolute path.
    resources: [relative(await Deno.realPath(directory.path), await Deno.realPath(join(example, "minio")))],
    images: images.map(splitReference).map(({ repository, tag }) => ({ name: repository, newTag: tag })),
  };
  await Deno.writeTextFile(join(directory.path, "kustomization.yaml"), JSON.stringify(kustomization));
  // A Job cannot be changed, so delete it. It may run again: then it finds its work done.
  await kubectl.run(["delete", "job", "setup", `--namespace=${LAKE_NAMESPACE}`, "--ignore-not-found"], { signal });
  await kubectl.run(["apply", "--kustomize", directory.path], { signal });
  await step("Filling the lake", async () => {
    await kubectl.run(
      ["rollout", "status", "deployment/minio", `--namespace=${LAKE_NAMESPACE}`, `--timeout=${LIMIT}`],
      { signal },
    );
    const complete = [
      "wait",
      "job/setup",
      "--for=condition=complete",
      `--namespace=${LAKE_NAMESPACE}`,
      `--timeout=${LIMIT}`,
    ];
    await kubectl.run(complete, { signal });
  });
  const get = ["get", "service", "minio", `--namespace=${LAKE_NAMESPACE}`];
  const { clusterIP, ports } = (await kubectl.json<LakeService>(get, { signal })).spec;
  return lakeAt(clusterIP, ports[0]!.port);
}

/** The address is for S3: a cluster may have no DNS. STS needs a name, because the sidecar may reach only some names. */
export function lakeAt(address: string, port: number): LakeAccess {
  return {
    environment: { AWS_ENDPOINT_URL_S3: `http://${address}:${port}` },
    hosts: { [`minio.${LAKE_NAMESPACE}.svc`]: address },
  };
}

interface LakeService {
  readonly spec: { readonly clusterIP: string; readonly ports: readonly { readonly port: number }[] };
}
