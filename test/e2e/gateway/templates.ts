import { loadYaml, type V1Job } from "@kubernetes/client-node";
import { core } from "../cluster/cluster.ts";

const CONFIG_MAP = "view-gateway-templates";

/** On a template's pod: how many pods its warm pool has, and where they take their assignment. */
export const WARM = "view.yolean.se/warm";
export const ASSIGN = "view.yolean.se/assign";

/** The current text of a workload template. */
export async function templateText(namespace: string, name: string): Promise<string> {
  const { data } = await core.readNamespacedConfigMap({ namespace, name: CONFIG_MAP });
  return data![`${name}.yaml`]!;
}

/** Sets the workload template of a story; removes it if `text` is undefined. */
export async function setTemplate(namespace: string, name: string, text: string | undefined): Promise<void> {
  const key = `/data/${name}.yaml`;
  const body = text === undefined ? [{ op: "remove", path: key }] : [{ op: "add", path: key, value: text }];
  await core.patchNamespacedConfigMap({ namespace, name: CONFIG_MAP, body });
}

/** The templates of a namespace that have a warm pool, with its size. */
export async function poolTemplates(
  namespace: string,
): Promise<readonly { readonly template: string; readonly size: number }[]> {
  const { data = {} } = await core.readNamespacedConfigMap({ namespace, name: CONFIG_MAP });
  return Object.entries(data).flatMap(([file, text]) => {
    const annotations = loadYaml<V1Job | undefined>(text)?.spec?.template.metadata?.annotations ?? {};
    const whole = annotations[WARM] !== undefined && annotations[ASSIGN] !== undefined;
    return whole ? [{ template: file.replace(/\.yaml$/, ""), size: Number(annotations[WARM]) }] : [];
  });
}
