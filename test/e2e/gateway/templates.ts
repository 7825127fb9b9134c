import { core } from "../cluster/cluster.ts";

const CONFIG_MAP = "view-gateway-templates";

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
