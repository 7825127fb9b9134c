/** What the stand-in of kwok's image has in it. */
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { components } from "../cluster/components.ts";
import { kwokctlBinary } from "../cluster/kwok/kwokctl_binary.ts";
import { extractPackages } from "../packages/debian.ts";

const files = fileURLToPath(new URL("dockerfiles/kwok_cluster/root", import.meta.url));

/** What the binaries need, and a shell for the scripts. */
export const PACKAGES = ["libc6", "busybox-static"] as const;
const APPLETS = ["sh", "sleep"];

const COMPONENTS = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubectl",
  "kwok",
] as const;

/** Fills an empty directory, which becomes the image's root. */
export async function kwokClusterRoot(directory: string, signal?: AbortSignal): Promise<void> {
  const [built, kwokctl] = [await components(signal), await kwokctlBinary(signal)];
  await extractPackages(PACKAGES, directory, signal);
  for (const name of APPLETS) await Deno.symlink("busybox", join(directory, "bin", name));
  await cp(files, directory, { recursive: true });
  await Deno.copyFile(kwokctl, join(directory, "usr/local/bin/kwokctl"));
  const kube = join(directory, "opt/kube");
  await Deno.mkdir(kube, { recursive: true });
  // All are one binary.
  await Deno.copyFile(join(built.directory, "etcd"), join(kube, "kube"));
  for (const name of COMPONENTS) await Deno.symlink("kube", join(kube, name));
  for (const name of ["root", "tmp"]) await Deno.mkdir(join(directory, name));
}
