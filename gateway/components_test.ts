import { deepEqual, equal } from "node:assert/strict";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type Manifest, renderKustomization } from "../scripts/deploy/kustomize.ts";
import { temporaryDirectory } from "../scripts/process/temporary_directory.ts";

const gateway = fileURLToPath(new URL(".", import.meta.url));

/** All that an operator can list, `namespaces` apart. */
const COMPONENTS = [...Deno.readDirSync(join(gateway, "components"))].map(({ name }) => name)
  .filter((name) => !["namespaces", "made-for-tests"].includes(name)).sort();

/** Of a kind that has no namespace. */
const CLUSTER_WIDE =
  /^(Namespace|ClusterRole|ClusterRoleBinding|ValidatingAdmissionPolicy|ValidatingAdmissionPolicyBinding)$/;

interface Overlay {
  /** The names of the namespaces. Default: those of the base. */
  readonly names?: { readonly gateway: string; readonly views: string };
  /** The items of a list in YAML. */
  readonly patches?: string;
}

/** What an overlay makes that has all components, as docs/INSTALL.md writes one. */
async function rendered({ names, patches }: Overlay): Promise<readonly Manifest[]> {
  await using directory = await temporaryDirectory({ prefix: "overlay-" });
  const overlay = await Deno.realPath(directory.path);
  const write = async (folder: string, kustomization: object) => {
    await Deno.mkdir(join(overlay, folder), { recursive: true });
    const lines = Object.entries(kustomization).map(([member, value]) => `${member}: ${JSON.stringify(value)}\n`);
    const more = folder === "" && patches !== undefined ? `patches:\n${patches}` : "";
    await Deno.writeTextFile(join(overlay, folder, "kustomization.yaml"), lines.join("") + more);
  };
  const shipped = (from: string, below: string) => relative(join(overlay, from), join(gateway, below));
  if (names !== undefined) {
    await write("gateway", { namespace: names.gateway, resources: [shipped("gateway", "base")] });
    await write("views", { namespace: names.views, resources: [shipped("views", "views")] });
  }
  await write("", {
    resources: names === undefined ? [shipped("", "base"), shipped("", "views")] : ["gateway", "views"],
    components: [...names === undefined ? [] : ["namespaces"], ...COMPONENTS]
      .map((name) => shipped("", join("components", name))),
  });
  return await renderKustomization(overlay);
}

async function namespacesOf(overlay: Overlay) {
  const manifests = await rendered(overlay);
  equal(/"(GATEWAY|VIEWS)"/.test(JSON.stringify(manifests)), false, "a placeholder is left");
  const within = manifests.filter(({ kind }) => !CLUSTER_WIDE.test(kind));
  return [...new Set(within.map(({ metadata }) => metadata.namespace))].sort();
}

Deno.test("with all components at once, nothing is made in the namespace that kubectl happens to use", async () => {
  deepEqual(await namespacesOf({}), ["view-gateway", "views"]);
  deepEqual(await namespacesOf({ names: { gateway: "gates", views: "seen" } }), ["gates", "seen"]);
});

Deno.test("the patches of docs/INSTALL.md change what they say", async () => {
  const install = await Deno.readTextFile(new URL("../docs/INSTALL.md", import.meta.url));
  const blocks = [...install.matchAll(/^```yaml\npatches:\n(.*?)^```$/gms)].map(([, items]) => items);
  const manifests = await rendered({ patches: blocks.join("") });
  const the = (kind: string) =>
    manifests.find((manifest) => manifest.kind === kind && manifest.metadata.name === "view-gateway")!;
  const [, metrics] = the("NetworkPolicy").spec.ingress;
  deepEqual(metrics.from[0].namespaceSelector.matchLabels, { "kubernetes.io/metadata.name": "observability" });
  for (const kind of ["PodMonitor", "PrometheusRule"]) {
    deepEqual((the(kind).metadata as { labels?: unknown }).labels, { release: "kube-prometheus-stack" });
  }
});
