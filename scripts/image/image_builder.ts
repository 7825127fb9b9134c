import { join } from "node:path";
import { dockerDaemon, type DockerImage, dockerImage } from "../docker/docker_client.ts";
import { runCommand } from "../process/command.ts";
import { extractPackages, requireCommand } from "../packages/debian.ts";
import { temporaryDirectory } from "../process/temporary_directory.ts";

/** What an image is built from. */
export interface Recipe {
  /** `NAME:TAG` */
  readonly reference: string;
  /** Text of the Dockerfile. */
  readonly dockerfile: string;
  /** Directory whose files the Dockerfile copies. */
  readonly context: string;
  /** Directories that take the place of the Dockerfile's stages of those names; none where the builder runs the stages. */
  readonly stages: Readonly<Record<string, string>>;
}

/** Builds an image into a docker-archive file. */
export interface Builder {
  readonly name: string;
  /** Whether it builds the stages that a Dockerfile has before its last, which takes images that have to be pulled. */
  readonly runsStages: boolean;
  build(recipe: Recipe, archive: string, signal?: AbortSignal): Promise<void>;
}

const baseDockerfile = new URL("dockerfiles/base.Dockerfile", import.meta.url);

/** What builds an image, and why. */
export interface Choice {
  readonly builder: Builder;
  /** Where it is not Docker. */
  readonly because?: string;
}

/** Docker, where it has or can pull all images that a Dockerfile begins from; else buildah. */
export async function chooseBuilder(dockerfile: string, signal?: AbortSignal): Promise<Choice> {
  for (const base of basesOf(dockerfile)) {
    const found = await obtained(base, signal);
    if ("lacking" in found) return { builder: buildah, because: found.lacking };
  }
  const found = await dockerDaemon(signal);
  return "daemon" in found ? { builder: docker } : { builder: buildah, because: found.lacking };
}

/** Asked once, since several images begin from the same, and a registry that cannot be reached takes its time. */
const asked = new Map<string, Promise<DockerImage>>();

function obtained(base: string, signal?: AbortSignal): Promise<DockerImage> {
  const answer = asked.get(base) ?? dockerImage(base, signal);
  asked.set(base, answer);
  return answer;
}

/** The images that a Dockerfile's stages begin from. */
export function basesOf(dockerfile: string): readonly string[] {
  const defaults = new Map([...dockerfile.matchAll(/^ARG (\w+)=(\S+)$/gm)].map(([, name, value]) => [name!, value!]));
  const stages = [...dockerfile.matchAll(/^FROM (\S+)(?: AS (\S+))?$/gm)];
  const own = new Set(["scratch", ...stages.map(([, , name]) => name)]);
  const bases = stages.map(([, from]) => from!.replace(/^\$\{(\w+)\}$/, (text, name) => defaults.get(name) ?? text));
  return [...new Set(bases)].filter((base) => !own.has(base));
}

const docker: Builder = {
  name: "Docker",
  runsStages: true,
  build: async ({ reference, dockerfile, context }, archive, signal) => {
    const file = await Deno.makeTempFile({ prefix: "view-gateway-", suffix: ".Dockerfile" });
    try {
      await Deno.writeTextFile(file, dockerfile);
      await runCommand("docker", ["build", "--quiet", "--file", file, "--tag", reference, context], { signal });
      await runCommand("docker", ["save", "--output", archive, reference], { signal });
    } finally {
      await Deno.remove(file);
    }
  },
};

/**
 * Builds with Debian's buildah, without a daemon and without pulling: on a root of Debian's C library. Its storage lives
 * as long as the build, since the vfs driver keeps a whole copy of each layer.
 */
const buildah: Builder = {
  name: "buildah",
  runsStages: false,
  build: async ({ reference, dockerfile, context, stages }, archive, signal) => {
    await requireCommand("buildah", "buildah", signal);
    await using work = await temporaryDirectory({ prefix: "view-gateway-buildah-" });
    const env = { STORAGE_DRIVER: "vfs", BUILDAH_ISOLATION: "chroot" };
    const storage = ["--root", join(work.path, "storage"), "--runroot", join(work.path, "run")];
    const execute = (...args: string[]) => runCommand("buildah", [...storage, ...args], { env, signal });
    // Equal content makes an equal image.
    const build = ["build", "--quiet", "--pull-never", "--timestamp", "0"];
    const file = join(work.path, "Dockerfile");
    await Deno.writeTextFile(file, dockerfile);
    const args: string[] = [];
    if (dockerfile.includes("ARG BASE")) {
      const root = join(work.path, "root");
      await Deno.mkdir(root);
      await extractPackages(["libc6", "libgcc-s1", "libstdc++6"], root, signal);
      // As distroless has it; else glibc asks DNS before /etc/hosts.
      await Deno.mkdir(join(root, "etc"), { recursive: true });
      await Deno.writeTextFile(join(root, "etc/nsswitch.conf"), "hosts: files dns\n");
      await execute(...build, "--file", baseDockerfile.pathname, "--tag", "localhost/base", root);
      args.push("--build-arg", "BASE=localhost/base");
    }
    for (const [stage, directory] of Object.entries(stages)) args.push("--build-context", `${stage}=${directory}`);
    await execute(...build, "--file", file, ...args, "--tag", reference, context);
    await execute("push", "--quiet", reference, `docker-archive:${archive}:${reference}`);
  },
};
