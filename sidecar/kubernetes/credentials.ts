import { existsSync } from "node:fs";
import type { RequestOptions } from "node:https";
// The package's own entry also loads its clients of exec, cp and watches, which takes 30 ms of a start.
import { KubeConfig } from "@kubernetes/client-node/dist/config.js";

/** Where the API server is, and how the gateway authenticates. */
export interface KubernetesCredentials {
  /** Without a trailing slash. */
  readonly server: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: Tls;
}

/** TLS settings of a connection; PEM. */
export interface Tls {
  readonly caCerts?: string[];
  readonly certificate?: { readonly cert: string; readonly key: string };
  readonly proxy?: string;
}

/** Path of the service account's token in a pod. */
const TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount/token";

/**
 * Loads the configuration from `KUBECONFIG` or `~/.kube/config`, or that of the cluster in which the program runs.
 * @throws Error if there is none
 */
export function loadKubeConfig(): KubeConfig {
  const config = new KubeConfig();
  // client-node looks for the token by fs.access, which needs the permission `--allow-sys=uid` under Deno.
  if (!Deno.env.get("KUBECONFIG") && Deno.env.get("KUBERNETES_SERVICE_HOST") && existsSync(TOKEN)) {
    config.loadFromCluster();
    return config;
  }
  config.loadFromDefault();
  // client-node falls back to this server.
  if (config.getCurrentCluster()?.server === "http://localhost:8080") {
    throw new Error("No Kubernetes cluster is configured: set KUBECONFIG, or run in a pod with a service account.");
  }
  return config;
}

/**
 * The credentials of the configuration's current context. Reads files again, as tokens may have been rotated.
 * @throws Error if the context needs what Deno's fetch does not support
 */
export async function credentialsOf(config: KubeConfig): Promise<KubernetesCredentials> {
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new Error(`The kubeconfig's context "${config.getCurrentContext()}" names no cluster.`);
  const secure = cluster.server.startsWith("https:");
  if (cluster.skipTLSVerify && secure) {
    throw new Error(
      `The kubeconfig sets insecure-skip-tls-verify for ${cluster.server}: give its certificate-authority instead.`,
    );
  }
  if (cluster.tlsServerName) {
    throw new Error(
      `The kubeconfig sets tls-server-name for ${cluster.server}: name the server as its certificate does.`,
    );
  }
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const headers = Object.fromEntries(
    Object.entries(options.headers ?? {}).map(([name, value]) => [name, String(value).trim()]),
  );
  if (options.auth) headers["Authorization"] = `Basic ${btoa(options.auth)}`;
  return {
    server: cluster.server.replace(/\/+$/, ""),
    headers,
    tls: {
      ...(options.ca && { caCerts: [String(options.ca)] }),
      ...(options.cert && options.key && { certificate: { cert: String(options.cert), key: String(options.key) } }),
      ...(cluster.proxyUrl && { proxy: cluster.proxyUrl }),
    },
  };
}
