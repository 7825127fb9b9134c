import { deepEqual, equal } from "node:assert/strict";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { renderKustomization } from "../scripts/deploy/kustomize.ts";
import { temporaryDirectory } from "../scripts/process/temporary_directory.ts";

const gateway = fileURLToPath(new URL(".", import.meta.url));

/** All that an operator can list, `namespaces` apart. */
const COMPONENTS = [...Deno.readDirSync(join(gateway, "components"))].map(({ name }) => name)
  .filter((name) => !["namespaces", "made-for-tests"].includes(name)).sort();

/** Of a kind that has no namespace. */
const CLUSTER_WIDE =
  /^(Namespace|ClusterRole|ClusterRoleBinding|ValidatingAdmissionPolicy|ValidatingAdmissionPolicyBinding)$/;

/** The namespaces of what an overlay makes that has all components, as docs/INSTALL.md writes one. */
async function namespacesOf(names: { readonly gateway: string; readonly views: string } | undefined) {
  await using directory = await temporaryDirectory({ prefix: "overlay-" });
  const overlay = await Deno.realPath(directory.path);
  const write = async (folder: string, kustomization: object) => {
    await Deno.mkdir(join(overlay, folder), { recursive: true });
    await Deno.writeTextFile(join(overlay, folder, "kustomization.yaml"), JSON.stringify(kustomization));
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
  const manifests = await renderKustomization(overlay);
  equal(/"(GATEWAY|VIEWS)"/.test(JSON.stringify(manifests)), false, "a placeholder is left");
  const within = manifests.filter(({ kind }) => !CLUSTER_WIDE.test(kind));
  return [...new Set(within.map(({ metadata }) => metadata.namespace))].sort();
}

Deno.test("with all components at once, nothing is made in the namespace that kubectl happens to use", async () => {
  deepEqual(await namespacesOf(undefined), ["view-gateway", "views"]);
  deepEqual(await namespacesOf({ gateway: "gates", views: "seen" }), ["gates", "seen"]);
});
