import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildKubectlView } from "../compile/kubectl_view.ts";
import { DENO_VERSION } from "../compile/bundle.ts";
import { step } from "../process/step.ts";
import { temporaryDirectory } from "../process/temporary_directory.ts";
import { CHECKSUMS, checksumsOf } from "./checksums.ts";
import type { Commit } from "./commit.ts";
import { kustomizeTree } from "./kustomize_archive.ts";
import { isoTime, layoutOf } from "./oci_image.ts";
import { ARCHITECTURES, ImageAssembly, RELEASED, type ReleasedImage } from "./released_images.ts";
import { sbomOf } from "./sbom.ts";
import { gzipped, tarOf } from "./tar.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The name of a release that is not complete begins so. The process that builds it follows. */
const MAKING = ".making-";

export interface ReleaseBuild {
  readonly version: string;
  readonly commit: Commit;
  /** From what the sidecar's image is made. */
  readonly sidecar: "sidecar" | "sidecar-compiled";
  /** Envoy's image, as REPOSITORY@sha256:HEX. */
  readonly envoy?: string;
}

/** Builds a release into a directory, which it replaces as a whole. */
export async function buildRelease(release: ReleaseBuild, directory: string, signal?: AbortSignal): Promise<void> {
  const parent = join(directory, "..");
  await Deno.mkdir(parent, { recursive: true });
  await removeAbandoned(parent);
  await using work = await temporaryDirectory({ dir: parent, prefix: `${MAKING}${Deno.pid}-` });
  await Deno.chmod(work.path, 0o755);
  const write = (name: string, data: Uint8Array | string) =>
    typeof data === "string"
      ? Deno.writeTextFile(join(work.path, name), data)
      : Deno.writeFile(join(work.path, name), data);
  const { version, commit } = release;
  const assembly = new ImageAssembly({ version, revision: commit.hash, time: commit.time }, signal);
  const images: ReleasedImage[] = [];
  for (const name of RELEASED) {
    const image = await assembly.build(name === "sidecar" ? release.sidecar : name);
    await writeImage(image, release, write);
    images.push(image);
  }
  const name = `view-gateway-${version}`;
  await write(
    `${name}.tar.gz`,
    gzipped(await tarOf(await kustomizeTree(name, digestsOf(images, release)), commit.time)),
  );
  await step("Bundling kubectl view", () => buildKubectlView(join(work.path, "kubectl-view"), signal));
  await Deno.copyFile(join(root, "docs/openapi.json"), join(work.path, "openapi.json"));
  await write("release.json", `${JSON.stringify(summaryOf(release, images), null, 2)}\n`);
  await write(CHECKSUMS, await checksumsOf(work.path));
  await Deno.remove(directory, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
  await Deno.rename(work.path, directory);
}

/** Removes what builds have left that were killed. A build that runs keeps its own. */
export async function removeAbandoned(directory: string): Promise<void> {
  for await (const { name } of Deno.readDir(directory)) {
    if (!name.startsWith(MAKING) || existsSync(`/proc/${name.slice(MAKING.length).split("-")[0]}`)) continue;
    await Deno.remove(join(directory, name), { recursive: true });
  }
}

/** An image's OCI layout, and an SBOM for each architecture. */
async function writeImage(
  { repository, index, components }: ReleasedImage,
  { version, commit }: ReleaseBuild,
  write: (name: string, data: Uint8Array | string) => Promise<void>,
): Promise<void> {
  const name = repository.replace(/.*\//, "");
  const { time } = commit;
  await write(`${name}.oci.tar`, await tarOf(layoutOf(index, repository, `v${version}`), time));
  for (const architecture of ARCHITECTURES) {
    const { digest } = index.images.find((image) => image.architecture === architecture)!.manifest;
    const subject = { repository, architecture, version, digest, time };
    await write(`${name}-${architecture}.cdx.json`, sbomOf(subject, components[architecture]));
  }
}

function digestsOf(images: readonly ReleasedImage[], { envoy }: ReleaseBuild): ReadonlyMap<string, string> {
  const known = images.map(({ repository, index }) => [repository, index.index.digest] as const);
  const [repository, digest] = envoy?.split("@") ?? [];
  return new Map([...known, ...repository === undefined ? [] : [[repository, digest!] as const]]);
}

/** What programs read of a release. */
function summaryOf({ version, commit, sidecar, envoy }: ReleaseBuild, images: readonly ReleasedImage[]) {
  return {
    version,
    commit: commit.hash,
    time: isoTime(commit.time),
    sidecar: sidecar === "sidecar" ? `a bundle and Deno ${DENO_VERSION}` : "a compiled binary",
    images: Object.fromEntries(
      images.map(({ repository, index }) => [`${repository}:v${version}`, index.index.digest]),
    ),
    envoy: envoy ?? "by its tag only",
  };
}
