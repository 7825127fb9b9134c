import { join } from "node:path";
import { cachedDirectory, isCached } from "../cache/cached_directory.ts";
import { runCommand } from "../process/command.ts";
import { step } from "../process/step.ts";
import { FORMER_RELEASE, lackOfRelease, writeRelease } from "./former_release.ts";

/** Its gateway, and what its default template runs. */
const IMAGES = ["sidecar", "envoy", "example"];

const NAME = "former-release";
const key = FORMER_RELEASE.commit.slice(0, 12);

/** The gateway of the last release, as its own files make it. */
export interface FormerGateway {
  /** Its folder `gateway`. */
  readonly manifests: string;
  readonly images: readonly FormerImage[];
}

interface FormerImage {
  /** `REPOSITORY:TAG` */
  readonly reference: string;
  /** A docker-archive file. */
  readonly archive: string;
}

/** Why the last release cannot be built here, and what to do; undefined where it can, or is built already. */
export async function lackOfFormerGateway(signal?: AbortSignal): Promise<string | undefined> {
  return isCached(NAME, key) ? undefined : await lackOfRelease(FORMER_RELEASE, undefined, signal);
}

/** Builds the last release from git, unless it is built already: its own tasks build its images. */
export async function formerGateway(signal?: AbortSignal): Promise<FormerGateway> {
  const label = `Building release ${FORMER_RELEASE.version}`;
  const fill = (directory: string) => step(label, () => buildInto(directory, signal));
  const directory = await cachedDirectory(NAME, key, fill, { signal });
  const references: readonly string[] = JSON.parse(await Deno.readTextFile(join(directory, "references.json")));
  const images = references.map((reference, i) => ({ reference, archive: archiveIn(directory, i) }));
  return { manifests: join(directory, "tree/gateway"), images };
}

async function buildInto(directory: string, signal?: AbortSignal): Promise<void> {
  const tree = join(directory, "tree");
  await Deno.mkdir(tree);
  await writeRelease(FORMER_RELEASE, tree, undefined, signal);
  const said = await runCommand(Deno.execPath(), ["task", "--quiet", "image", ...IMAGES], { cwd: tree, signal });
  const built = said.trim().split("\n").slice(-IMAGES.length).map((line) => line.split(" "));
  // Its task prunes the archives of older builds. A second name keeps these.
  await Promise.all(built.map(([, archive], i) => Deno.link(archive!, archiveIn(directory, i))));
  await Deno.writeTextFile(join(directory, "references.json"), JSON.stringify(built.map(([reference]) => reference)));
}

function archiveIn(directory: string, index: number): string {
  return join(directory, `${IMAGES[index]}.tar`);
}
