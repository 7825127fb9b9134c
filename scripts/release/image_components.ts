/** The software in an image: npm packages, Go modules, Deno, Debian packages. */
import { join } from "node:path";
import { existsSync } from "node:fs";
import { bundle, DENO_VERSION, packagesIn } from "../compile/bundle.ts";
import type { Architecture } from "../compile/compile.ts";
import { consolePackages } from "../generate/console.ts";
import { DUCKDB_VERSION } from "../example/duckdb_version.ts";
import type { ImageName } from "../image/images.ts";
import { DENO_FILES } from "../packages/deno_binary.ts";
import { runCommand } from "../process/command.ts";
import { temporaryDirectory } from "../process/temporary_directory.ts";
import { DEBIAN_PACKAGES, DEBIAN_RELEASE } from "./debian_packages.ts";
import { npmComponents } from "./npm_components.ts";

export interface SoftwareComponent {
  readonly kind: "library" | "application";
  readonly name: string;
  /** As `@grpc`. */
  readonly group?: string;
  readonly version: string;
  /** https://github.com/package-url/purl-spec */
  readonly purl: string;
  /** An SPDX expression, or what the component calls its licence. */
  readonly licence?: string;
  readonly hash?: { readonly algorithm: "SHA-256" | "SHA-512"; readonly hex: string };
}

/** An image that has been put together. */
export interface AssembledImage {
  readonly name: ImageName;
  readonly architecture: Architecture;
  /** It has `context`, and a folder for each stage. */
  readonly directory: string;
  readonly hasBase: boolean;
}

/** All that is in an image, sorted by its purl. */
export async function componentsOf(
  { name, architecture, directory, hasBase }: AssembledImage,
  signal?: AbortSignal,
): Promise<readonly SoftwareComponent[]> {
  const context = join(directory, "context");
  const isSidecar = name === "sidecar" || name === "sidecar-compiled";
  const npm = [
    ...await packagesBelow(context),
    ...name === "sidecar-compiled" ? await sidecarPackages(signal) : [],
    ...isSidecar ? await consolePackages(signal) : [],
  ];
  const hasDeno = existsSync(join(directory, "deno")) || name === "sidecar-compiled";
  const found = [
    ...await npmComponents([...new Set(npm)]),
    ...hasBase ? DEBIAN_PACKAGES.map((one) => debianComponent(one, architecture)) : [],
    ...hasDeno ? [denoComponent(name, architecture)] : [],
    ...name === "example-duckdb" ? [httpfsComponent()] : [],
    ...existsSync(join(directory, "build")) ? await goComponents(join(directory, "build"), signal) : [],
  ];
  return found.sort((a, b) => a.purl < b.purl ? -1 : 1);
}

/** The npm packages of the sidecar, whose binary does not tell them. */
async function sidecarPackages(signal?: AbortSignal): Promise<readonly string[]> {
  await using work = await temporaryDirectory({ prefix: "view-gateway-sbom-" });
  await bundle(join(work.path, "main.js"), signal);
  return await packagesBelow(work.path);
}

/** The npm packages below a directory: those in bundles, and those in folders `node_modules`. */
async function packagesBelow(directory: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(directory)) {
    const path = join(directory, name);
    if (isDirectory) found.push(...await packagesBelow(path));
    else if (name === "package.json" && directory.includes("/node_modules/")) {
      const { name, version } = JSON.parse(await Deno.readTextFile(path));
      if (name !== undefined && version !== undefined) found.push(`${name}@${version}`);
    } else if (name.endsWith(".js") && !directory.includes("/node_modules/")) {
      found.push(...packagesIn(await Deno.readTextFile(path)));
    }
  }
  return found;
}

function debianComponent(
  { name, version, licence, sha256 }: typeof DEBIAN_PACKAGES[number],
  architecture: Architecture,
): SoftwareComponent {
  const place = `pkg:deb/debian/${encodeURIComponent(name)}@${encodeURIComponent(version)}`;
  const purl = `${place}?arch=${architecture}&distro=debian-${DEBIAN_RELEASE}`;
  return { kind: "library", name, version, purl, licence, hash: { algorithm: "SHA-256", hex: sha256[architecture] } };
}

function denoComponent(image: ImageName, architecture: Architecture): SoftwareComponent {
  const purl = `pkg:github/denoland/deno@v${DENO_VERSION}`;
  const deno = { kind: "application", name: "deno", version: DENO_VERSION, purl, licence: "MIT" } as const;
  // A compiled binary has Deno inside, not this file.
  if (image === "sidecar-compiled") return deno;
  return { ...deno, hash: { algorithm: "SHA-256", hex: DENO_FILES[architecture].sha256 } };
}

function httpfsComponent(): SoftwareComponent {
  const version = DUCKDB_VERSION;
  const name = "duckdb-extension-httpfs";
  return { kind: "library", name, version, purl: `pkg:pypi/${name}@${version}`, licence: "MIT" };
}

/** Of the one binary in a directory. Go does not tell its modules' licences. */
async function goComponents(directory: string, signal?: AbortSignal): Promise<readonly SoftwareComponent[]> {
  const [binary] = await Array.fromAsync(Deno.readDir(directory));
  return goModules(await runCommand("go", ["version", "-m", join(directory, binary!.name)], { signal }));
}

/** The modules that `go version -m` tells of a binary, and Go's standard library. */
export function goModules(text: string): readonly SoftwareComponent[] {
  const [, go] = /: go(\S+)/.exec(text)!;
  const modules = [...text.matchAll(/^\tdep\t(\S+)\t(\S+)/gm)].map(([, path, version]): SoftwareComponent => ({
    kind: "library",
    name: path!,
    version: version!,
    purl: `pkg:golang/${path!.toLowerCase()}@${version}`,
  }));
  const library = { kind: "library", name: "stdlib", version: go!, purl: `pkg:golang/stdlib@${go}` } as const;
  return [...modules, { ...library, licence: "BSD-3-Clause" }];
}
