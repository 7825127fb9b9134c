import { join } from "node:path";
import { run, succeeds } from "./command.ts";
import { command, extract } from "./debian.ts";
import { step } from "./progress.ts";
import { temporaryDirectory } from "./temporary_directory.ts";

/** What an image is built from. */
export interface Recipe {
  /** `NAME:TAG` */
  readonly reference: string;
  /** Text of the Dockerfile. */
  readonly dockerfile: string;
  /** Directory whose files the Dockerfile copies. */
  readonly context: string;
  /** Directories that take the place of the Dockerfile's stages of those names, where their bases cannot be pulled. */
  readonly stages: Readonly<Record<string, string>>;
}

/** Builds an image into a docker-archive file. */
export type Builder = (recipe: Recipe, archive: string, signal?: AbortSignal) => Promise<void>;

const base = "gcr.io/distroless/cc-debian12:nonroot";
const baseDockerfile = new URL("images/base.Dockerfile", import.meta.url);

/** Whether there is a Docker daemon that has, or can pull, what the Dockerfiles name. */
export async function dockerPulls(signal?: AbortSignal): Promise<boolean> {
  if (!await succeeds("docker", ["info"], { signal })) return false;
  if (await succeeds("docker", ["image", "inspect", base], { signal })) return true;
  const limit = AbortSignal.timeout(60_000);
  try {
    return await step(
      `Pulling ${base}`,
      () =>
        succeeds("docker", ["pull", "--quiet", base], { signal: signal ? AbortSignal.any([signal, limit]) : limit }),
    );
  } catch (error) {
    if (limit.aborted && !signal?.aborted) return false;
    throw error;
  }
}

export const docker: Builder = async ({ reference, dockerfile, context }, archive, signal) => {
  const file = await Deno.makeTempFile({ prefix: "view-gateway-", suffix: ".Dockerfile" });
  try {
    await Deno.writeTextFile(file, dockerfile);
    await run("docker", ["build", "--quiet", "--file", file, "--tag", reference, context], { signal });
    await run("docker", ["save", "--output", archive, reference], { signal });
  } finally {
    await Deno.remove(file);
  }
};

/**
 * Builds with Debian's buildah, without a daemon and without pulling: on a root of Debian's C library. Its storage lives
 * as long as the build, since the vfs driver keeps a whole copy of each layer.
 */
export const buildah: Builder = async ({ reference, dockerfile, context, stages }, archive, signal) => {
  await command("buildah", "buildah", signal);
  await using work = await temporaryDirectory({ prefix: "view-gateway-buildah-" });
  const env = { STORAGE_DRIVER: "vfs", BUILDAH_ISOLATION: "chroot" };
  const storage = ["--root", join(work.path, "storage"), "--runroot", join(work.path, "run")];
  const execute = (...args: string[]) => run("buildah", [...storage, ...args], { env, signal });
  // Equal content makes an equal image.
  const build = ["build", "--quiet", "--pull-never", "--timestamp", "0"];
  const file = join(work.path, "Dockerfile");
  await Deno.writeTextFile(file, dockerfile);
  const args: string[] = [];
  if (dockerfile.includes("ARG BASE")) {
    const root = join(work.path, "root");
    await Deno.mkdir(root);
    await extract(["libc6", "libgcc-s1", "libstdc++6"], root, signal);
    // As distroless has it; else glibc asks DNS before /etc/hosts.
    await Deno.mkdir(join(root, "etc"), { recursive: true });
    await Deno.writeTextFile(join(root, "etc/nsswitch.conf"), "hosts: files dns\n");
    await execute(...build, "--file", baseDockerfile.pathname, "--tag", "localhost/base", root);
    args.push("--build-arg", "BASE=localhost/base");
  }
  for (const [stage, directory] of Object.entries(stages)) args.push("--build-context", `${stage}=${directory}`);
  await execute(...build, "--file", file, ...args, "--tag", reference, context);
  await execute("push", "--quiet", reference, `docker-archive:${archive}:${reference}`);
};
