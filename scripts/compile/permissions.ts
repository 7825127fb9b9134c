import { schemas } from "@view-gateway/types";
import { DISCARD_ADDRESS } from "../../sidecar/envoy/discard_address.ts";
import { socketsIn } from "../../sidecar/envoy/sockets.ts";
import { BASE_VARIABLES } from "../../sidecar/lake/base_variables.ts";
import { CLIENT_SECRET_DIRECTORY } from "../../sidecar/oidc/client_secret.ts";
import { CERTIFICATE_DIRECTORY } from "../../sidecar/tls/settings.ts";
import { RETIRED } from "../../sidecar/config/retired_variables.ts";

/** What one sidecar may reach. Paths are absolute; addresses are `host:port`, the host may be an IPv4 range. */
export interface Reach {
  readonly socketDirectory: string;
  /** Where probes and metrics listen. */
  readonly probeAddress: string;
  /** Envoy's admin interface. */
  readonly envoyAdminAddress: string;
  /** The Kubernetes API server. */
  readonly apiServers: readonly string[];
  /** Files and directories with the credentials for it. */
  readonly credentials: readonly string[];
  /** STS; `*.` stands for any subdomain. Envoy speaks to S3, not the sidecar. */
  readonly sts: readonly string[];
  /** The program on the node that gives the sidecar credentials for STS. */
  readonly agents: readonly string[];
  /** Files and directories with its identity for either. */
  readonly identities: readonly string[];
  /** Directories of Secrets: what it shares with the issuer of sign-ins, and the certificate for clients. */
  readonly secrets: readonly string[];
}

/**
 * A sidecar in a pod of gateway/base. A Service's address is known only when the pod runs and permissions are fixed when
 * the image is built, so it is the port that narrows: the API server's Service always has 443.
 */
export const inCluster: Reach = {
  socketDirectory: "/run/view-gateway",
  probeAddress: "0.0.0.0:8082",
  envoyAdminAddress: "127.0.0.1:9901",
  apiServers: ["0.0.0.0/0:443", "kubernetes.default.svc:443"],
  credentials: ["/var/run/secrets/kubernetes.io/serviceaccount"],
  // AWS' own, and any Service of the cluster, by the name NAME.NAMESPACE.svc.
  sts: ["*.amazonaws.com:443", "*.svc"],
  // EKS Pod Identity.
  agents: ["169.254.170.23:80"],
  // EKS' tokens: of IRSA, and of Pod Identity.
  identities: [
    "/var/run/secrets/eks.amazonaws.com/serviceaccount",
    "/var/run/secrets/pods.eks.amazonaws.com/serviceaccount",
  ],
  secrets: [CLIENT_SECRET_DIRECTORY, CERTIFICATE_DIRECTORY],
};

/**
 * Pods that start are probed, and buckets looked for, through a socket of Envoy's: pods have addresses of whatever range a
 * cluster gives them, and ports of whatever number their templates name, so that to connect to them would take a permission
 * for every address and port. Envoy reaches them anyway. Deno wants a permission for the URL's host all the same.
 */
const nowhere = `${DISCARD_ADDRESS}:80`;

/** Read by libraries: grpc-js, long; and by client-node, to find its cluster. */
const libraryVariables = ["GRPC_*", "grpc_*", "NODE_*", "LONG*", "KUBECONFIG", "KUBERNETES_SERVICE_*", "HOME"];

/**
 * The permissions that the sidecar runs with, as flags of `deno run` and `deno compile`. Every other environment variable
 * is as if not set, since libraries look for many; every other access is an error, never a question.
 */
export function permissions(reach: Reach = inCluster): readonly string[] {
  const { socketDirectory, probeAddress, envoyAdminAddress } = reach;
  const sockets = socketsIn(socketDirectory);
  const net = [
    probeAddress,
    envoyAdminAddress,
    ...reach.apiServers,
    ...reach.sts,
    ...reach.agents,
    // A unix socket is permitted by its own path only, a directory's does not do.
    ...[sockets.authorization, sockets.grpc, sockets.http, sockets.startProbes, sockets.issuer, sockets.traces].map((
      path,
    ) => `unix:${path}`),
    nowhere,
  ];
  const variables = Object.values(schemas.definitions.Config.properties).map(({ env }) => env);
  return [
    "--no-prompt",
    // A request's signal tells that its client has hung up, not that all went well.
    "--unstable-no-legacy-abort",
    `--allow-net=${net.join(",")}`,
    `--allow-read=${[socketDirectory, ...reach.credentials, ...reach.identities, ...reach.secrets].join(",")}`,
    `--allow-write=${socketDirectory}`,
    `--allow-env=${[...variables, ...Object.keys(RETIRED), ...BASE_VARIABLES, ...libraryVariables].join(",")}`,
    "--ignore-env",
  ];
}
