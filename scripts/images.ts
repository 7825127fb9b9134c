import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { ENVOY_VERSION, envoyBinary } from "../test/envoy/envoy_binary.ts";
import { bundle } from "./bundle.ts";
import { cacheDirectory, inputHash } from "./cache.ts";
import { run } from "./command.ts";
import { compile, hostArchitecture } from "./compile.ts";
import { buildah, type Builder, docker, dockerPulls, type Recipe } from "./image_builder.ts";
import { MissingError } from "./missing.ts";
import { permissions } from "./permissions.ts";
import { step } from "./progress.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const dockerfiles = join(root, "scripts/images");
const page = join(root, "test/e2e/example/page");

export const imageNames = ["sidecar", "sidecar-compiled", "envoy", "example"] as const;
export type ImageName = typeof imageNames[number];

/** An image in a file that `docker load`, `ctr images import` and `k3d image import` read. */
export interface Image {
  readonly name: ImageName;
  /** `REPOSITORY:TAG`; the tag follows from what the image is built from, except Envoy's. */
  readonly reference: string;
  readonly archive: string;
}

interface Definition {
  readonly repository: string;
  readonly dockerfile: string;
  /** Files and directories that the image is made of. */
  readonly inputs: readonly string[];
  /** Anything else that it is made of. */
  readonly strings: readonly string[];
  /** Where the tag is not the hash of the inputs. */
  readonly tag?: string;
  /** Text that is added to the Dockerfile. */
  readonly entrypoint?: readonly string[];
  /** Fills the context directory, and a directory per stage that is replaced. */
  prepare(context: string, stages: (name: string) => Promise<string>, signal?: AbortSignal): Promise<void>;
}

const sidecar = {
  repository: "ghcr.io/yolean/view-gateway-sidecar",
  inputs: ["sidecar", "types", "deno.json", "deno.lock", "scripts/bundle.ts"],
};

const definitions: Readonly<Record<ImageName, Definition>> = {
  sidecar: {
    ...sidecar,
    dockerfile: join(dockerfiles, "sidecar.Dockerfile"),
    strings: [Deno.version.deno, ...permissions()],
    entrypoint: [
      "/usr/local/bin/deno",
      "run",
      "--no-config",
      "--no-remote",
      "--no-npm",
      ...permissions(),
      "/app/main.js",
    ],
    prepare: async (context, stages, signal) => {
      await bundle(join(context, "main.js"), signal);
      await Deno.copyFile(Deno.execPath(), join(await stages("deno"), "deno"));
    },
  },
  "sidecar-compiled": {
    ...sidecar,
    inputs: [...sidecar.inputs, "scripts/compile.ts"],
    dockerfile: join(dockerfiles, "sidecar_compiled.Dockerfile"),
    strings: [Deno.version.deno, ...permissions(), "compiled"],
    prepare: async (context, _stages, signal) => {
      await Deno.copyFile(await compile(hostArchitecture, signal), join(context, "view-gateway-sidecar"));
    },
  },
  envoy: {
    repository: "ghcr.io/yolean/envoy",
    dockerfile: join(dockerfiles, "envoy.Dockerfile"),
    inputs: ["test/envoy/envoy_binary.ts"],
    strings: [],
    tag: `distroless-v${ENVOY_VERSION}`,
    prepare: async (context) => {
      await Deno.copyFile(await envoyBinary(), join(context, "envoy"));
    },
  },
  example: {
    repository: "ghcr.io/yolean/view-gateway-example",
    dockerfile: join(page, "Dockerfile"),
    inputs: [page],
    strings: [],
    prepare: async (context, stages, signal) => {
      for await (const { name, isFile } of Deno.readDir(page)) {
        if (isFile) await Deno.copyFile(join(page, name), join(context, name));
      }
      await goBuild(page, join(await stages("build"), "page"), signal);
    },
  },
};

export interface ImageOptions {
  readonly signal?: AbortSignal | undefined;
  /** How it is built; by Docker where that can pull, otherwise by buildah. */
  readonly builder?: Builder;
  /** Where archives are kept. */
  readonly directory?: string;
}

/** Builds an image, unless it is there already from the same inputs. */
export async function image(name: ImageName, options: ImageOptions = {}): Promise<Image> {
  const { signal, builder, directory = join(cacheDirectory(), "images") } = options;
  const { repository, dockerfile, inputs, strings, tag, entrypoint, prepare } = definitions[name];
  const code = ["scripts/images.ts", "scripts/image_builder.ts", "scripts/images/base.Dockerfile", dockerfile];
  const paths = [...inputs, ...code].map((path) => resolve(root, path));
  const hash = await inputHash([Deno.build.arch, ...strings], paths, (path) => !/_test\.|\/testdata\//.test(path));
  const reference = `${repository}:${tag ?? hash}`;
  const archive = join(directory, `${name}-${hash}.tar`);
  if (await Deno.stat(archive).then(() => true, () => false)) return { name, reference, archive };

  await Deno.mkdir(directory, { recursive: true });
  const work = await Deno.makeTempDir({ dir: directory, prefix: ".making-" });
  try {
    await step(`Building image ${reference}`, async () => {
      const stages: Record<string, string> = {};
      const context = join(work, "context");
      await Deno.mkdir(context);
      const stage = async (name: string) => {
        stages[name] = join(work, "stages", name);
        await Deno.mkdir(stages[name], { recursive: true });
        return stages[name];
      };
      await prepare(context, stage, signal);
      const text = await Deno.readTextFile(dockerfile) +
        (entrypoint ? `ENTRYPOINT ${JSON.stringify(entrypoint)}\n` : "");
      const recipe: Recipe = { reference, dockerfile: text, context, stages };
      await (builder ?? (await dockerPulls(signal) ? docker : buildah))(recipe, join(work, "image.tar"), signal);
      await Deno.rename(join(work, "image.tar"), archive);
    });
  } finally {
    await Deno.remove(work, { recursive: true });
  }
  await prune(name, directory);
  return { name, reference, archive };
}

async function goBuild(directory: string, binary: string, signal?: AbortSignal): Promise<void> {
  const args = ["build", "-trimpath", "-ldflags=-s -w", "-o", binary, "."];
  try {
    await run("go", args, { cwd: directory, env: { CGO_ENABLED: "0" }, signal });
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith("There is no command go")) throw error;
    throw new MissingError(
      "There is no Go on PATH, which the example view is built with. Install Go, or start a Docker daemon.",
    );
  }
}

/** Keeps the three newest archives of an image. */
async function prune(name: ImageName, directory: string): Promise<void> {
  const archives: { path: string; made: number }[] = [];
  for await (const entry of Deno.readDir(directory)) {
    if (!entry.name.startsWith(`${name}-`) || !/^[0-9a-f]{12}\.tar$/.test(entry.name.slice(name.length + 1))) continue;
    const path = join(directory, entry.name);
    archives.push({ path, made: (await Deno.stat(path)).mtime?.getTime() ?? 0 });
  }
  for (const { path } of archives.sort((a, b) => b.made - a.made).slice(3)) await Deno.remove(path);
}
