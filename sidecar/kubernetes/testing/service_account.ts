import type { Namespace } from "./namespace.ts";

/** A service account of a test's namespace, by the name that RBAC knows. */
export interface ServiceAccount {
  readonly name: string;
  readonly user: string;
  /** Returns a token for these audiences; for the API server's own where there are none. */
  token(...audiences: readonly string[]): Promise<string>;
  /** Lets it do this with these Services of the namespace, or with all; returns what takes the right away. */
  allow(verbs: readonly string[], ...services: readonly string[]): Promise<() => Promise<void>>;
  delete(): Promise<void>;
}

export async function createServiceAccount(namespace: Namespace, name: string): Promise<ServiceAccount> {
  const path = "api/v1/serviceaccounts";
  await namespace.call("POST", path, { metadata: { name } });
  return {
    name,
    user: `system:serviceaccount:${namespace.name}:${name}`,
    token: async (...audiences) => {
      const spec = { expirationSeconds: 600, ...audiences.length > 0 && { audiences } };
      const request = await namespace.call("POST", `${path}/${name}/token`, { spec });
      return (request as unknown as { readonly status: { readonly token: string } }).status.token;
    },
    allow: async (verbs, ...resourceNames) => {
      const role = `${name}-${crypto.randomUUID().slice(0, 8)}`;
      const rbac = "apis/rbac.authorization.k8s.io/v1";
      const rule = {
        apiGroups: [""],
        resources: ["services"],
        verbs,
        ...resourceNames.length > 0 && { resourceNames },
      };
      await namespace.call("POST", `${rbac}/roles`, { metadata: { name: role }, rules: [rule] });
      await namespace.call("POST", `${rbac}/rolebindings`, {
        metadata: { name: role },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role },
        subjects: [{ kind: "ServiceAccount", name }],
      });
      return async () => void await namespace.call("DELETE", `${rbac}/rolebindings/${role}`);
    },
    delete: async () => void await namespace.call("DELETE", `${path}/${name}`),
  };
}
