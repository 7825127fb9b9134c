import { runCommand } from "../../scripts/process/command.ts";
import { defaultTemplate, writeOverlay } from "../../scripts/deploy/kustomize.ts";
import type { Namespaces } from "../../scripts/deploy/namespaces.ts";
import { warmTemplate } from "../../scripts/deploy/warm_template.ts";
import type { Namespace } from "../../sidecar/kubernetes/testing/namespace.ts";
import { deleteClusterWide } from "./cluster_wide.ts";
import type { RunKubectl } from "./service_account_rights.ts";

const NAME = "view-gateway";

/** As the test's own user. */
export const kubectl: RunKubectl = (...args) => runCommand("kubectl", args);

export async function tokenOf(account: string, namespace: string, audience?: string): Promise<string> {
  const args = ["create", "token", account, `--namespace=${namespace}`];
  return (await kubectl(...args, ...audience === undefined ? [] : [`--audience=${audience}`])).trim();
}

/** The gateway's service account as the demo's overlay makes it, and nobody else's rights. */
export interface Deployed {
  readonly namespaces: Namespaces;
  readonly user: string;
  readonly load: Namespace["load"];
}

/** Deploys the demo's overlay with one more template, `warm`, which has a pool of one pod. */
export async function withAccount(views: Namespace, use: (deployed: Deployed) => Promise<void>): Promise<void> {
  const namespaces = { gateway: `${views.name}-gw`, views: views.name };
  const directory = await Deno.makeTempDir();
  try {
    // The test's own sidecar is the gateway.
    const templates = { warm: warmTemplate(await defaultTemplate(), 1) };
    await writeOverlay(directory, { overlay: "overlays/demo", namespaces, images: [], templates, replicas: 0 });
    await kubectl("apply", "--kustomize", directory);
    const token = await tokenOf(NAME, namespaces.gateway);
    const load = () => {
      const config = views.load();
      config.loadFromClusterAndUser(config.getCurrentCluster()!, { name: NAME, token });
      return config;
    };
    await use({ namespaces, user: `system:serviceaccount:${namespaces.gateway}:${NAME}`, load });
  } finally {
    await Deno.remove(directory, { recursive: true });
    await kubectl("delete", "namespace", namespaces.gateway, "--wait=false", "--ignore-not-found");
    await deleteClusterWide(namespaces, kubectl);
  }
}
