/** The first whose command line is as it is used here. */
const OLDEST = 5;

/** The version in what `k3d version` prints, such as `5.9.0`; undefined where it was built without one. */
export function versionIn(text: string): string | undefined {
  return /^k3d version v(\d+\.\S+)/m.exec(text)?.[1];
}

/** Why a version of k3d does not do; undefined where it does. */
export function tooOld(version: string | undefined): string | undefined {
  if (version === undefined || Number(version.split(".")[0]) >= OLDEST) return undefined;
  return `k3d ${version} is too old: it takes version ${OLDEST}`;
}

/** The images that k3d itself needs, unless its own variables say otherwise. */
export function helperImages(version: string | undefined, variable: (name: string) => string | undefined) {
  const tag = variable("K3D_HELPER_IMAGE_TAG") || version || "latest";
  return [
    variable("K3D_IMAGE_LOADBALANCER") || `ghcr.io/k3d-io/k3d-proxy:${tag}`,
    variable("K3D_IMAGE_TOOLS") || `ghcr.io/k3d-io/k3d-tools:${tag}`,
  ] as const;
}
