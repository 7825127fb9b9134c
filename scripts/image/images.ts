import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheDirectory, inputHash } from "../cache/cache.ts";
import { definitions, type ImageName } from "./image_definitions.ts";
import { type Builder, chooseBuilder, type Recipe } from "./image_builder.ts";
import { hostArchitecture } from "../compile/compile.ts";
import type { RequiredTool } from "../needs/needs.ts";
import { step } from "../process/step.ts";
import { prune } from "../cache/prune.ts";
import { temporaryDirectory } from "../process/temporary_directory.ts";

export { type ImageName, imageNames } from "./image_definitions.ts";

/** Where archives are kept. */
const archives = join(cacheDirectory(), "images");
const root = fileURLToPath(new URL("../..", import.meta.url));

/** An image in a file that `docker load`, `ctr images import` and `k3d image import` read. */
export interface Image {
  readonly name: ImageName;
  /** `REPOSITORY:TAG`; the tag follows from what the image is built from, except Envoy's. */
  readonly reference: string;
  readonly archive: string;
}

export interface ImageOptions {
  readonly signal?: AbortSignal | undefined;
  /** How it is built; by Docker where that can pull, otherwise by buildah. */
  readonly builder?: Builder;
  /** Where archives are kept. */
  readonly directory?: string;
}

/** Builds an image, unless it is there already from the same inputs. */
export async function buildImage(name: ImageName, options: ImageOptions = {}): Promise<Image> {
  const { signal, builder, directory = archives } = options;
  const { prepare, stages } = definitions[name];
  const { reference, archive, dockerfile: text } = await identify(name, directory);
  if (existsSync(archive)) return { name, reference, archive };

  await Deno.mkdir(directory, { recursive: true });
  await using work = await temporaryDirectory({ dir: directory, prefix: ".making-" });
  const chosen = builder ?? await announced(name, text, signal);
  await step(`Building image ${reference}`, async () => {
    const context = join(work.path, "context");
    await Deno.mkdir(context);
    const build = { architecture: hostArchitecture, signal };
    await prepare(context, build);
    const made: Record<string, string> = {};
    for (const [stage, fill] of chosen.runsStages ? [] : Object.entries(stages ?? {})) {
      made[stage] = join(work.path, "stages", stage);
      await Deno.mkdir(made[stage], { recursive: true });
      await fill(made[stage], context, build);
    }
    const recipe: Recipe = { reference, dockerfile: text, context, stages: made };
    await chosen.build(recipe, join(work.path, "image.tar"), signal);
    await Deno.rename(join(work.path, "image.tar"), archive);
  });
  const pattern = new RegExp(`^${name}-[0-9a-f]{12}\\.tar$`);
  await prune(directory, (entry) => pattern.test(entry), 3);
  return { name, reference, archive };
}

/** What `image` needs now for images. */
export async function imageNeeds(names: readonly ImageName[], signal?: AbortSignal): Promise<readonly RequiredTool[]> {
  return (await Promise.all(names.map((name) => needsOf(name, signal)))).flat();
}

async function needsOf(name: ImageName, signal?: AbortSignal): Promise<readonly RequiredTool[]> {
  const { archive, dockerfile } = await identify(name, archives);
  if (existsSync(archive)) return [];
  const { needs, stageNeeds } = definitions[name];
  const own = await needs?.(hostArchitecture) ?? [];
  if ((await chooseBuilder(dockerfile, signal)).builder.runsStages) return own;
  return [...own, ...await stageNeeds?.(hostArchitecture) ?? [], {
    tool: "buildah",
    purpose: "to build images without Docker",
  }];
}

/** What an image would be, and the text of its Dockerfile. */
async function identify(name: ImageName, directory: string) {
  const { repository, dockerfile, inputs, strings, tag } = definitions[name];
  const code = [
    "scripts/image/images.ts",
    "scripts/image/image_definitions.ts",
    "scripts/image/image_builder.ts",
    "scripts/packages/deno_binary.ts",
    "scripts/image/dockerfiles/base.Dockerfile",
    dockerfile,
  ];
  const paths = [...inputs, ...code].map((path) => resolve(root, path));
  const hash = await inputHash([Deno.build.arch, ...strings], paths, (path) => !/_test\.|\/testdata\//.test(path));
  const reference = `${repository}:${tag ?? hash}`;
  const archive = join(directory, `${name}-${hash}.tar`);
  return { reference, archive, dockerfile: await dockerfileText(name) };
}

/** The text of an image's Dockerfile, with its entry point. */
export async function dockerfileText(name: ImageName): Promise<string> {
  const { dockerfile, entrypoint } = definitions[name];
  return await Deno.readTextFile(dockerfile) + (entrypoint ? `ENTRYPOINT ${JSON.stringify(entrypoint)}\n` : "");
}

/** Says what builds an image, and why. */
async function announced(name: ImageName, dockerfile: string, signal?: AbortSignal): Promise<Builder> {
  const { builder, because } = await chooseBuilder(dockerfile, signal);
  console.error(`Image ${name}: by ${builder.name}${because === undefined ? "" : `, since ${because}`}`);
  return builder;
}
