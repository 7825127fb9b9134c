import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { ForwardedService } from "../cluster/node/node.ts";
import type { Kubectl } from "./kubectl.ts";
import { type Customization, splitReference } from "./kustomize.ts";
import { step } from "../process/step.ts";
import { temporaryDirectory } from "../process/temporary_directory.ts";

const manifests = fileURLToPath(new URL("../../example/sign-in", import.meta.url));

/** The image that sign-in needs, beside the gateway's. */
export const ISSUER_IMAGE = "example-provider";

export const ISSUER_NAMESPACE = "sign-in";

/**
 * The host and port of the issuer's URL. Browsers look for the host on their own machine. No view has it, as views' names
 * have no dot: a view there would get the issuer's cookies, whatever its port.
 */
const ISSUER_HOST = "provider.sign-in.localhost";
export const ISSUER_PORT = 8090;

/** How long the issuer may take to start. */
const LIMIT = "120s";

export interface DeployedIssuer {
  /** Where it is reached. */
  readonly service: ForwardedService;
  /** The settings of a gateway at which its people sign in. */
  readonly access: Required<Pick<Customization, "components" | "environment" | "secrets">>;
}

/**
 * Starts the example's issuer in a namespace of its own.
 * @param images references as `REPOSITORY:TAG`
 * @param origins of the gateways' base hosts, to which it sends people back
 */
export async function deployIssuer(
  kubectl: Kubectl,
  images: readonly string[],
  origins: readonly string[],
  signal?: AbortSignal,
): Promise<DeployedIssuer> {
  await using directory = await temporaryDirectory({ prefix: "view-gateway-issuer-" });
  const redirectUris = origins.map((origin) => `${origin}/_auth/callback`).join(" ");
  const kustomization = {
    apiVersion: "kustomize.config.k8s.io/v1beta1",
    kind: "Kustomization",
    // A generator merges only within the namespace.
    namespace: ISSUER_NAMESPACE,
    // Kustomize takes no absolute path.
    resources: [relative(await Deno.realPath(directory.path), await Deno.realPath(manifests))],
    images: images.map(splitReference).map(({ repository, tag }) => ({ name: repository, newTag: tag })),
    configMapGenerator: [{ name: "provider", behavior: "merge", literals: [`REDIRECT_URIS=${redirectUris}`] }],
  };
  await Deno.writeTextFile(join(directory.path, "kustomization.yaml"), JSON.stringify(kustomization));
  await kubectl.run(["apply", "--kustomize", directory.path], { signal });
  const rollout = ["rollout", "status", "deployment/provider", `--namespace=${ISSUER_NAMESPACE}`, `--timeout=${LIMIT}`];
  await step("Waiting for the issuer", () => kubectl.run(rollout, { signal }));
  const get = ["get", "service", "provider", `--namespace=${ISSUER_NAMESPACE}`];
  const { clusterIP, ports } = (await kubectl.json<IssuerService>(get, { signal })).spec;
  const { port, nodePort } = ports[0]!;
  return { service: { clusterIP, port, nodePort }, access: issuerAccess(`${clusterIP}:${port}`) };
}

/** Gives its people their rights in a namespace of views. */
export async function grantRights(kubectl: Kubectl, namespace: string, signal?: AbortSignal): Promise<void> {
  await kubectl.run(["apply", `--namespace=${namespace}`, "--filename", join(manifests, "rights.yaml")], { signal });
}

/** @param address `HOST:PORT` where Envoy reaches the issuer: a cluster may have no DNS, and localhost is another there */
export function issuerAccess(address: string): DeployedIssuer["access"] {
  return {
    components: ["components/oidc"],
    environment: {
      OIDC_ISSUER: `http://${ISSUER_HOST}:${ISSUER_PORT}`,
      OIDC_ADDRESS: address,
      OIDC_CLIENT_ID: "view-gateway",
      OIDC_SCOPES: "openid profile email groups",
    },
    secrets: { "view-gateway-oidc": { "client-secret": "example-client-secret" } },
  };
}

interface IssuerService {
  readonly spec: {
    readonly clusterIP: string;
    readonly ports: readonly { readonly port: number; readonly nodePort: number }[];
  };
}
