import { existsSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Architecture } from "../compile/compile.ts";
import { runCommand } from "../process/command.ts";
import { npmRegistries } from "./npm_cache.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Copies a package of npm, which deno.lock names, out of Deno's cache; what it depends on is not copied. */
export async function npmPackage(
  name: string,
  version: string,
  directory: string,
  architecture: Architecture,
): Promise<void> {
  const found = await cachedPackage(name, version) ?? await installedPackage(name, version, architecture);
  await cp(found, directory, { recursive: true });
}

/** The text of a file of a package of npm, which is in Deno's cache. */
export async function npmFile(name: string, version: string, path: string): Promise<string> {
  return await Deno.readTextFile(join(await cachedPackage(name, version) ?? missing(name, version), path));
}

/** Its directory. Of packages that are for one architecture, Deno's cache has only those for this machine's. */
async function installedPackage(name: string, version: string, architecture: Architecture): Promise<string> {
  const install = ["install", "--quiet", "--frozen", "--os", "linux", "--arch", npmArchitecture(architecture)];
  await runCommand(Deno.execPath(), install, { cwd: root });
  return await cachedPackage(name, version) ?? missing(name, version);
}

async function cachedPackage(name: string, version: string): Promise<string | undefined> {
  return (await npmRegistries()).map((registry) => join(registry, name, version)).find(existsSync);
}

/** What npm calls an architecture. */
export function npmArchitecture(architecture: Architecture): string {
  return architecture === "amd64" ? "x64" : "arm64";
}

function missing(name: string, version: string): never {
  throw new Error(`Cannot find ${name} ${version} in Deno's cache: run \`deno install\``);
}
