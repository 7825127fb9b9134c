import { deepEqual, equal, ok } from "node:assert/strict";
import { permissions } from "../../../scripts/compile/permissions.ts";
import { issuerAccess } from "../../../scripts/deploy/example_issuer.ts";
import { renderKustomization, writeOverlay } from "../../../scripts/deploy/kustomize.ts";
import { namespacesNamed } from "../../../scripts/deploy/namespaces.ts";
import { configOf } from "../../../sidecar/config/config.ts";
import { oidcSettingsOf } from "../../../sidecar/oidc/settings.ts";

Deno.test("with the component, the sidecar signs people in at the issuer that the overlay names", async () => {
  const directory = await Deno.makeTempDir({ prefix: "overlay-" });
  try {
    const access = issuerAccess("10.0.0.1:8090");
    await writeOverlay(directory, {
      overlay: "overlays/demo",
      namespaces: namespacesNamed("test"),
      images: [],
      ...access,
    });
    const manifests = await renderKustomization(directory);
    const settings = manifests.find(({ kind, data }) => kind === "ConfigMap" && data.BASE_HOST !== undefined)!;
    const oidc = oidcSettingsOf(configOf((name) => ({ NAMESPACE: "views", ...settings.data })[name]));
    deepEqual(
      [oidc?.issuer, oidc?.address, oidc?.clientId],
      ["http://provider.sign-in.localhost:8090", "10.0.0.1:8090", "view-gateway"],
    );

    // The client's secret is where the variable says, and where the sidecar may read.
    const { spec } = manifests.find(({ kind }) => kind === "Deployment")!.spec.template;
    const mounts: readonly { readonly name: string; readonly mountPath: string }[] =
      spec.initContainers[0].volumeMounts;
    const { name, mountPath } = mounts.find(({ name }) => name === "oidc")!;
    equal(oidc?.clientSecretFile, `${mountPath}/client-secret`);
    ok(permissions().some((flag) => flag.startsWith("--allow-read=") && flag.split(",").includes(mountPath)));
    const volume = spec.volumes.find((volume: { readonly name: string }) => volume.name === name);
    const secret = manifests.find(({ kind, metadata }) => kind === "Secret" && metadata.name === "view-gateway-oidc")!;
    equal(volume.secret.secretName, secret.metadata.name);
    deepEqual(Object.keys(secret.data), ["client-secret"]);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});
