/** Builds all that users of a version get, into target/release/VERSION. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command, InvalidArgumentError } from "commander";
import { compileLack } from "../compile/compile.ts";
import { MissingError } from "../needs/missing_error.ts";
import { requireNeeds } from "../needs/needs.ts";
import { interruptible } from "../process/interruptible.ts";
import { buildRelease, type ReleaseBuild } from "./build_release.ts";
import { CHECKSUMS } from "./checksums.ts";
import { cleanCommit } from "./commit.ts";
import { rebuiltDifference } from "./rebuild.ts";
import { releaseNeeds } from "./release_needs.ts";
import { pinProblems, versionProblems } from "./release_version.ts";
import { ARCHITECTURES } from "./released_images.ts";
import { versionSources } from "./version_sources.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

const program = new Command("release")
  .description(
    "Builds a version from the commit of this checkout into target/release/VERSION: images as OCI layouts for amd64 and\n" +
      "arm64, their SBOMs, the kustomization with the images' digests, kubectl-view, openapi.json, SHA256SUMS. The same\n" +
      "commit gives the same files, byte for byte. docs/RELEASES.md has all of it.",
  )
  .argument("<version>", "as CHANGELOG.md has it, such as 1.2.3")
  .option("--envoy <image>", "Envoy's image with its digest, as ghcr.io/yolean/envoy@sha256:HEX", envoyImage)
  .option("--bundle", "make the sidecar's image from the bundle, also where binaries can be compiled", false)
  .option("--check", "build it again from a fresh clone with empty caches, and compare", false)
  .parse(Deno.args, { from: "user" });

interface Options {
  readonly envoy?: string;
  readonly bundle: boolean;
  readonly check: boolean;
}

await interruptible(async (signal) => {
  const version = program.args[0]!;
  const options = program.opts<Options>();
  const sources = await versionSources();
  const problems = [...versionProblems(version, sources), ...pinProblems(options.envoy, sources.manifests)];
  if (problems.length > 0) throw new MissingError(problems.join("\n"));
  await requireNeeds("the release", { needs: await releaseNeeds() }, signal);
  const commit = await cleanCommit(signal);
  const sidecar = options.bundle ? "sidecar" : await sidecarKind(signal);
  const release: ReleaseBuild = { version, commit, sidecar, ...options.envoy && { envoy: options.envoy } };
  const directory = join(root, "target/release", version);
  await buildRelease(release, directory, signal);
  if (options.envoy === undefined) {
    console.error("Envoy's image has no digest in the kustomization, only its tag: give it by --envoy.");
  }
  if (options.check) await requireSame(release, directory, signal);
  console.log(directory);
  console.log((await Deno.readTextFile(join(directory, CHECKSUMS))).trimEnd());
});

/** Binaries where both can be compiled, since an index has images of one kind. */
async function sidecarKind(signal: AbortSignal): Promise<ReleaseBuild["sidecar"]> {
  for (const architecture of ARCHITECTURES) {
    const why = await compileLack(architecture, signal);
    if (why === undefined) continue;
    console.error(`The sidecar's image is made from the bundle. ${why}`);
    return "sidecar";
  }
  return "sidecar-compiled";
}

async function requireSame(release: ReleaseBuild, directory: string, signal: AbortSignal): Promise<void> {
  const files = await rebuiltDifference(release, directory, signal);
  if (files.length > 0) {
    throw new MissingError(`A second build of ${release.commit.hash} differs: ${files.join(", ")}.`);
  }
  console.error("A second build, from a fresh clone with empty caches, is equal byte for byte.");
}

function envoyImage(value: string): string {
  if (/^[^\s@:]+@sha256:[0-9a-f]{64}$/.test(value)) return value;
  throw new InvalidArgumentError("Write REPOSITORY@sha256:HEX.");
}
