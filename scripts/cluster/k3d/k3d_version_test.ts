import { deepEqual, equal, match } from "node:assert/strict";
import { helperImages, tooOld, versionIn } from "./k3d_version.ts";

Deno.test("k3d's version is its own, not that of k3s", () => {
  equal(versionIn("k3d version v5.9.0\nk3s version v1.33.5-k3s1 (default)\n"), "5.9.0");
  equal(versionIn("k3d version v5-dev\nk3s version v1.33.5-k3s1 (default)\n"), undefined);
});

Deno.test("a k3d whose command line is another is refused", () => {
  match(tooOld("4.4.8")!, /k3d 4.4.8 is too old/);
  for (const version of ["5.0.0", "5.9.0-rc.0", "10.1.0", undefined]) equal(tooOld(version), undefined);
});

Deno.test("the images that k3d needs are of its version, or what its variables say", () => {
  const none = () => undefined;
  deepEqual(helperImages("5.9.0", none), ["ghcr.io/k3d-io/k3d-proxy:5.9.0", "ghcr.io/k3d-io/k3d-tools:5.9.0"]);
  deepEqual(helperImages(undefined, none), ["ghcr.io/k3d-io/k3d-proxy:latest", "ghcr.io/k3d-io/k3d-tools:latest"]);
  const variables: Record<string, string> = { K3D_HELPER_IMAGE_TAG: "5.8.3", K3D_IMAGE_TOOLS: "mirror/tools:1" };
  deepEqual(helperImages("5.9.0", (name) => variables[name]), ["ghcr.io/k3d-io/k3d-proxy:5.8.3", "mirror/tools:1"]);
});
