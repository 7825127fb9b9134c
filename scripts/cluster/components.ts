import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inputHash } from "../cache/cache.ts";
import { runCommand } from "../process/command.ts";
import { cachedDirectory, isCached } from "../cache/cached_directory.ts";
import type { RequiredTool } from "../needs/needs.ts";
import { step } from "../process/step.ts";
import { requireGo } from "../needs/require_go.ts";

const NAME = "kubernetes";
const source = fileURLToPath(new URL("kube", import.meta.url));

const names = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubelet",
  "kube-proxy",
  "kubectl",
  "kwok",
] as const;

/** Paths of what is built from `kube/`. */
export interface Components {
  /** Holds each component under its name. */
  readonly directory: string;
  /** Holds kubectl alone, for a command's PATH. */
  readonly bin: string;
  readonly forward: string;
  readonly pause: string;
}

/**
 * Kubernetes, etcd and kwok, from their Go modules: minutes at first need, then kept in the user's cache.
 * @throws MissingError where there is no Go
 */
export async function components(signal?: AbortSignal): Promise<Components> {
  const { flags, hash } = await inputs();
  const directory = await cachedDirectory(NAME, hash, (directory) => build(directory, flags, signal), { signal });
  return {
    directory: join(directory, "components"),
    bin: join(directory, "bin"),
    forward: join(directory, "forward"),
    pause: join(directory, "pause"),
  };
}

/** What `components` needs now. */
export async function componentsNeeds(): Promise<readonly RequiredTool[]> {
  const { hash } = await inputs();
  return isCached(NAME, hash) ? [] : [{ tool: "go", purpose: "to build Kubernetes" }];
}

async function inputs(): Promise<{ readonly flags: string; readonly hash: string }> {
  const flags = linkerFlags(await Deno.readTextFile(join(source, "go.mod")));
  const hash = await inputHash([Deno.build.os, Deno.build.arch, flags], [source], (path) => !path.endsWith("_test.go"));
  return { flags, hash };
}

/** What tells the components their version, which a checkout of Kubernetes would have from git. */
export function linkerFlags(goMod: string): string {
  const [, version, major, minor] = /\sk8s\.io\/kubernetes (v(\d+)\.(\d+)\.\S+)/.exec(goMod) ?? [];
  if (version === undefined) throw new Error("Cannot tell the version of Kubernetes: go.mod does not require it");
  const values = { gitVersion: version, gitMajor: major, gitMinor: minor };
  const assignments = ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"].flatMap((where) =>
    Object.entries(values).map(([name, value]) => `-X ${where}.${name}=${value}`)
  );
  return ["-s -w", ...assignments].join(" ");
}

async function build(directory: string, ldflags: string, signal?: AbortSignal): Promise<void> {
  await requireGo("Kubernetes is", "start a Docker daemon that can pull images", signal);
  const flags = ["build", `-ldflags=${ldflags}`, "-o", directory];
  await step(
    "Fetching the Go modules of Kubernetes, etcd and kwok",
    () => runCommand("go", ["mod", "download"], { cwd: source, signal }),
  );
  await step(
    "Building Kubernetes, etcd and kwok from source (some 7 minutes on two cores, once)",
    () => runCommand("go", [...flags, "."], { cwd: source, signal }),
  );
  // These run in a container's or another network's namespace, so they must need nothing else.
  await runCommand("go", [...flags, "./forward", "./pause"], { cwd: source, env: { CGO_ENABLED: "0" }, signal });
  await Promise.all(["components", "bin"].map((name) => Deno.mkdir(join(directory, name))));
  for (const name of names) await Deno.symlink("../kube", join(directory, "components", name));
  await Deno.symlink("../kube", join(directory, "bin/kubectl"));
}
