/** The gateway's service account in a test, with all rights in two namespaces, and the policies that bind it. */
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { renderKustomization } from "../../../../scripts/deploy/kustomize.ts";
import { KubernetesError } from "../../../../sidecar/kubernetes/kubernetes_error.ts";
import type { Namespace } from "../../../../sidecar/kubernetes/testing/namespace.ts";
import { Transport } from "../../../../sidecar/kubernetes/transport.ts";
import { eventually } from "../../../../sidecar/testing/eventually.ts";

/** A request to the API server, and what becomes of it: the status, and Kubernetes' message where it refuses. */
export interface Attempt {
  readonly method: "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below the namespace: `batch/v1/jobs/hello`, `v1/secrets`. */
  readonly path: string;
  /** Of a PATCH: a JSON Patch. */
  readonly body?: object | undefined;
}
export interface Attempted {
  readonly status: number;
  readonly message: string;
}

const component = fileURLToPath(new URL("..", import.meta.url));
const POLICIES = "/apis/admissionregistration.k8s.io/v1";
const NAME = "view-gateway";

/**
 * The service account view-gateway of a namespace of its own. RBAC lets it do everything there and in the test's namespace,
 * which is that of the views: what is refused is refused by the policies.
 */
export class Account implements AsyncDisposable {
  /** The gateway's namespace. */
  readonly namespace: string;
  /** Where the views are. */
  readonly views: string;
  readonly load: Namespace["load"];
  readonly transport: Transport;
  readonly #admin: Transport;
  readonly #signal: AbortSignal;
  /** Paths of cluster-wide objects. */
  readonly #made: string[] = [];

  private constructor(namespace: string, views: Namespace, token: string) {
    this.namespace = namespace;
    this.views = views.name;
    this.#admin = views.transport;
    this.#signal = views.signal;
    this.load = () => {
      const config = views.load();
      config.loadFromClusterAndUser(config.getCurrentCluster()!, { name: NAME, token });
      return config;
    };
    this.transport = new Transport(this.load);
  }

  static async create(views: Namespace): Promise<Account> {
    const namespace = `${views.name}-gw`;
    const post = async (path: string, body: object) =>
      JSON.parse((await views.transport.call(request("POST", path, body), views.signal)).text);
    await post("/api/v1/namespaces", { metadata: { name: namespace } });
    const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`;
    await post(accounts, { metadata: { name: NAME } });
    for (const within of [namespace, views.name]) {
      await post(`/apis/rbac.authorization.k8s.io/v1/namespaces/${within}/rolebindings`, {
        metadata: { name: "everything" },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
        subjects: [{ kind: "ServiceAccount", name: NAME, namespace }],
      });
    }
    const { status } = await post(`${accounts}/${NAME}/token`, { spec: { expirationSeconds: 3600 } });
    return new Account(namespace, views, status.token);
  }

  /** Applies the component as an overlay does, and waits until all of it has an effect. */
  async police(): Promise<void> {
    for (const object of await this.#policies()) {
      const plural = object.kind === "ValidatingAdmissionPolicy"
        ? "validatingadmissionpolicies"
        : "validatingadmissionpolicybindings";
      await this.#admin.call(request("POST", `${POLICIES}/${plural}`, object), this.#signal);
      this.#made.push(`${POLICIES}/${plural}/${object.metadata.name}`);
    }
    await this.attempt(
      { method: "POST", path: "v1/configmaps", body: { metadata: { name: "sentinel" } } },
      this.views,
      {
        really: true,
      },
    );
    const sentinels: readonly (Attempt & { readonly namespace?: string })[] = [
      { method: "POST", path: "batch/v1/jobs", body: { metadata: { name: "a" }, spec: { template: POD } } },
      { method: "POST", path: "v1/pods", body: { metadata: { name: "a" }, ...POD } },
      { method: "POST", path: "v1/secrets", body: { metadata: { name: "a" } } },
      { method: "POST", path: "v1/services", body: { metadata: { name: "a" }, spec: { ports: [{ port: 80 }] } } },
      {
        method: "POST",
        path: "v1/events",
        body: { metadata: { name: "a" }, involvedObject: { namespace: this.views } },
      },
      { method: "DELETE", path: "v1/configmaps/sentinel" },
      { method: "POST", path: "v1/secrets", body: { metadata: { name: "a" }, type: "a" }, namespace: this.namespace },
    ];
    for (const { namespace, ...sentinel } of sentinels) {
      const refused = async () => /ValidatingAdmissionPolicy/.test((await this.attempt(sentinel, namespace)).message);
      await eventually(`${sentinel.method} ${sentinel.path} is refused`, refused, 30);
    }
  }

  async #policies() {
    const directory = await Deno.makeTempDir();
    try {
      const at = (namespace: string) => ({ name: NAME, namespace });
      const objects = [
        { apiVersion: "v1", kind: "ServiceAccount", metadata: at(this.namespace) },
        { apiVersion: "rbac.authorization.k8s.io/v1", kind: "RoleBinding", metadata: at(this.views) },
      ];
      for (const object of objects) {
        await Deno.writeTextFile(join(directory, `${object.kind}.yaml`), JSON.stringify(object));
      }
      const kustomization = {
        resources: objects.map(({ kind }) => `${kind}.yaml`),
        components: [relative(await Deno.realPath(directory), await Deno.realPath(component))],
      };
      await Deno.writeTextFile(join(directory, "kustomization.yaml"), JSON.stringify(kustomization));
      return (await renderKustomization(directory)).filter(({ kind }) => kind.startsWith("ValidatingAdmissionPolicy"));
    } finally {
      await Deno.remove(directory, { recursive: true });
    }
  }

  /** Tries as the gateway, or as the test's own user; only tries, unless `really`. */
  async attempt(
    { method, path, body }: Attempt,
    namespace: string = this.views,
    { as = "gateway", really = false }: { readonly as?: "gateway" | "admin"; readonly really?: boolean } = {},
  ): Promise<Attempted> {
    const transport = as === "gateway" ? this.transport : this.#admin;
    const [, group, plural] = /^((?:[a-z0-9.]+\/)?v1)\/(.*)$/.exec(path) ?? [];
    const full = `/${group === "v1" ? "api" : "apis"}/${group}/namespaces/${namespace}/${plural}`;
    try {
      const query = `?fieldValidation=Strict${really ? "" : "&dryRun=All"}`;
      const { status } = await transport.call(request(method, full + query, body), this.#signal);
      return { status, message: "" };
    } catch (error) {
      if (error instanceof KubernetesError && error.status !== undefined) {
        return { status: error.status, message: error.message };
      }
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const paths = [...this.#made.reverse(), `/api/v1/namespaces/${this.namespace}`];
    for (const path of paths) await this.#admin.call({ method: "DELETE", path }, this.#signal);
    this.transport.close();
  }
}

/** Pod Security would let it pass. */
const RESTRICTED = {
  allowPrivilegeEscalation: false,
  runAsNonRoot: true,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
};
const POD = {
  spec: {
    restartPolicy: "Never",
    containers: [{ name: "main", image: "example.test/a:1", securityContext: RESTRICTED }],
  },
};

function request(method: string, path: string, body?: object) {
  return {
    method,
    path,
    ...body && {
      headers: { "content-type": method === "PATCH" ? "application/json-patch+json" : "application/json" },
      body: JSON.stringify(body),
    },
  };
}
