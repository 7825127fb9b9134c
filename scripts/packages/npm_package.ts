import { existsSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "../process/command.ts";

/** Copies a package of npm, which deno.lock names, out of Deno's cache; what it depends on is not copied. */
export async function npmPackage(name: string, version: string, directory: string): Promise<void> {
  const { npmCache } = JSON.parse(await runCommand(Deno.execPath(), ["info", "--json"]));
  // A directory for each registry.
  for await (const registry of Deno.readDir(npmCache)) {
    const found = join(npmCache, registry.name, name, version);
    if (!existsSync(found)) continue;
    await cp(found, directory, { recursive: true });
    return;
  }
  throw new Error(`Cannot find ${name} ${version} in Deno's cache: run \`deno install\``);
}
