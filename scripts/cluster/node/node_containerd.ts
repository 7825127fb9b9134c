/** The own node's containerd. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../../process/command.ts";
import { weighPods } from "./cgroup.ts";
import { missingFrom, referencesOf } from "./image_reference.ts";
import { cniConfiguration, containerdConfiguration } from "./node_files.ts";
import { type NodeRuntime, nodeRuntime } from "./node_runtime.ts";
import { directory, launch, processes, WORLD } from "./node_world.ts";
import { pauseImage } from "./pause_image.ts";
import { until } from "../../process/until.ts";

export async function startContainerd(runtime: NodeRuntime, pause: string, signal?: AbortSignal): Promise<void> {
  await weighPods(navigator.hardwareConcurrency);
  const write = async (path: string, text: string) => {
    await Deno.mkdir(join(directory, path, ".."), { recursive: true });
    await Deno.writeTextFile(join(directory, path), text);
  };
  const { plugins } = runtime;
  await write("containerd.toml", containerdConfiguration({ directory, plugins, snapshotter: await snapshotter() }));
  await write("cni/10-pods.conflist", cniConfiguration());
  await launch({
    name: "containerd",
    command: ["containerd", `--config=${join(directory, "containerd.toml")}`],
    env: { PATH: runtime.path },
  });
  await until("containerd answers", async () => {
    await processes.requireAlive();
    return existsSync(containerdSocket());
  }, { milliseconds: 20_000, signal, explain: () => processes.logTail("containerd") });
  await ctr(["images", "import", `--snapshotter=${await snapshotter()}`, await pauseImage(pause, directory)], signal);
}

/** Takes the images in a docker-archive file in, unless images of these references are there. */
export async function importIntoContainerd(archive: string, signal?: AbortSignal): Promise<void> {
  const references = await referencesOf(archive, signal);
  if (references.length > 0) {
    const there = await ctr(["images", "list", "--quiet"], signal);
    if (missingFrom(there, references).length === 0) return;
  }
  await ctr(["images", "import", `--snapshotter=${await snapshotter()}`, archive], signal);
}

/** As it is seen from outside the node's world. */
function containerdSocket(): string {
  return `/proc/${processes.pid(WORLD)}/root/run/containerd/containerd.sock`;
}

async function ctr(args: readonly string[], signal?: AbortSignal): Promise<string> {
  const { path } = await nodeRuntime(signal);
  const command = ["ctr", `--address=${containerdSocket()}`, "--namespace=k8s.io", ...args];
  return await runCommand("env", [`PATH=${path}`, ...command], { signal });
}

/** An overlay cannot lie on another, as in a container. */
async function snapshotter(): Promise<"overlayfs" | "native"> {
  const type = (await runCommand("stat", ["--file-system", "--format=%T", directory])).trim();
  return type === "overlayfs" ? "native" : "overlayfs";
}
