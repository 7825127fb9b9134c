import { KubernetesError } from "../kubernetes_error.ts";
import type { Namespace } from "./namespace.ts";

const NAME = "view-gateway-templates";

/** Creates or replaces the ConfigMap of workload templates. */
export async function writeTemplates(
  { name, transport, signal }: Namespace,
  templates: Readonly<Record<string, string>>,
): Promise<void> {
  await transport.call({
    method: "PATCH",
    path: `/api/v1/namespaces/${name}/configmaps/${NAME}?fieldManager=test&force=true`,
    headers: { "content-type": "application/apply-patch+yaml" },
    body: JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", ...contents(templates) }),
  }, signal);
}

/** Creates the ConfigMap if there is none. */
export async function provideTemplates(
  namespace: Namespace,
  templates: Readonly<Record<string, string>>,
): Promise<void> {
  try {
    await namespace.call("POST", "api/v1/configmaps", contents(templates));
  } catch (error) {
    if (!(error instanceof KubernetesError) || error.kind !== "AlreadyExists") throw error;
  }
}

function contents(templates: Readonly<Record<string, string>>) {
  const data = Object.fromEntries(Object.entries(templates).map(([name, text]) => [`${name}.yaml`, text]));
  return { metadata: { name: NAME }, data };
}
