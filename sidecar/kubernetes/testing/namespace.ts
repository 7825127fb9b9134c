import type { KubeConfig } from "@kubernetes/client-node";
import { loadKubeConfig } from "../credentials.ts";
import { Transport } from "../transport.ts";

/** A namespace for one test, in the cluster of `KUBECONFIG`. */
export interface Namespace {
  readonly name: string;
  readonly load: () => KubeConfig;
  /** Directly to the API server, without the test's proxies. */
  readonly transport: Transport;
  /** Aborted when the test is over. */
  readonly signal: AbortSignal;
  /** Calls the API server and returns its JSON. `path` is within the namespace, as in `api/v1/services/a`. */
  call(method: string, path: string, body?: object): Promise<Answered>;
  /** Creates a view's Service with these changes, and returns its UID. */
  createService(name: string, change?: object): Promise<string>;
  deleteService(name: string): Promise<void>;
  /** Sets the spec annotation of a Service, and returns its resourceVersion. */
  annotate(name: string, value: string): Promise<string>;
}

interface Answered {
  readonly metadata: {
    readonly uid: string;
    readonly resourceVersion: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

/**
 * A test that needs Kubernetes. It gets a namespace, which is deleted afterwards. All that it starts must stop when the
 * namespace's signal aborts.
 */
export function clusterTest(name: string, test: (namespace: Namespace) => Promise<void>): void {
  Deno.test(name, () => inNamespace(test));
}

/** Uses a namespace and deletes it, for a test that needs a second one. */
export async function inNamespace(use: (namespace: Namespace) => Promise<void>): Promise<void> {
  const transport = new Transport(load);
  const over = new AbortController();
  const namespace = `cluster-${crypto.randomUUID().slice(0, 13)}`;
  const request = async (method: string, path: string, body?: object, contentType = "application/json") => {
    const text = body && JSON.stringify(body);
    const headers = { "content-type": contentType };
    return JSON.parse((await transport.call({ method, path, headers, body: text }, endless)).text);
  };
  const call = (method: string, path: string, body?: object, contentType?: string) => {
    const [, api, rest] = /^(apis?(?:\/[a-z0-9.]+)?\/v1)\/(.*)$/.exec(path) ?? [];
    return request(method, `/${api}/namespaces/${namespace}/${rest}`, body, contentType);
  };
  await request("POST", "/api/v1/namespaces", { metadata: { name: namespace } });
  try {
    await use({
      name: namespace,
      load,
      transport,
      signal: over.signal,
      call,
      createService: async (name, change = {}) =>
        (await call("POST", "api/v1/services", { ...service(name), ...change })).metadata.uid,
      deleteService: (name) => call("DELETE", `api/v1/services/${name}`),
      annotate: async (name, value) => {
        const patch = { metadata: { annotations: { "view.yolean.se/spec": value } } };
        const type = "application/merge-patch+json";
        return (await call("PATCH", `api/v1/services/${name}`, patch, type)).metadata.resourceVersion;
      },
    });
  } finally {
    over.abort();
    await request("DELETE", `/api/v1/namespaces/${namespace}`);
    transport.close();
  }
}

const endless = new AbortController().signal;

function load(): KubeConfig {
  if (!Deno.env.get("KUBECONFIG")) {
    throw new Error("These tests need a cluster: run `deno task test`, or set KUBECONFIG.");
  }
  return loadKubeConfig();
}

function service(name: string) {
  return {
    metadata: { name, labels: { "view.yolean.se/name": name } },
    spec: {
      clusterIP: "None",
      publishNotReadyAddresses: true,
      selector: { "view.yolean.se/name": name },
      ports: [{ name: "http", port: 80, targetPort: "http" }],
    },
  };
}
