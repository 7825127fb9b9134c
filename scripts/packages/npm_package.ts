import { existsSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Architecture } from "../compile/compile.ts";
import { runCommand } from "../process/command.ts";

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
  const machine = architecture === "amd64" ? "x64" : "arm64";
  const install = ["install", "--quiet", "--frozen", "--os", "linux", "--arch", machine];
  await runCommand(Deno.execPath(), install, { cwd: root });
  return await cachedPackage(name, version) ?? missing(name, version);
}

async function cachedPackage(name: string, version: string): Promise<string | undefined> {
  const { npmCache } = JSON.parse(await runCommand(Deno.execPath(), ["info", "--json"]));
  // A directory for each registry.
  for await (const registry of Deno.readDir(npmCache)) {
    const found = join(npmCache, registry.name, name, version);
    if (existsSync(found)) return found;
  }
  return undefined;
}

function missing(name: string, version: string): never {
  throw new Error(`Cannot find ${name} ${version} in Deno's cache: run \`deno install\``);
}
