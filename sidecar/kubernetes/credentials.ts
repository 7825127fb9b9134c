import { existsSync } from "node:fs";
import type { RequestOptions } from "node:https";
import { KubeConfig } from "@kubernetes/client-node";

/** Whom to call, and how to show who calls. */
export interface KubernetesCredentials {
  /** Without a trailing slash. */
  readonly server: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: Tls;
}

/** What a connection is made with; PEM. */
export interface Tls {
  readonly caCerts?: string[];
  readonly certificate?: { readonly cert: string; readonly key: string };
  readonly proxy?: string;
}

/** Where a pod's containers find their service account's token. */
const TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount/token";

/**
 * The cluster that `KUBECONFIG` or `~/.kube/config` names, else the one that the program runs in.
 * @throws Error where there is none
 */
export function loadKubeConfig(): KubeConfig {
  const config = new KubeConfig();
  // client-node would look for the token by fs.access, which under Deno needs the permission to know the user.
  if (!Deno.env.get("KUBECONFIG") && Deno.env.get("KUBERNETES_SERVICE_HOST") && existsSync(TOKEN)) {
    config.loadFromCluster();
    return config;
  }
  config.loadFromDefault();
  // client-node falls back to this one where it finds nothing.
  if (config.getCurrentCluster()?.server === "http://localhost:8080") {
    throw new Error("No Kubernetes cluster is configured: set KUBECONFIG, or run in a pod with a service account.");
  }
  return config;
}

/**
 * What the configuration's current context holds now: files are read anew, tokens may have been rotated.
 * @throws Error where it asks for what Deno's fetch cannot do
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
