import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { VERSION } from "../../sidecar/version.ts";
import type { VersionSources } from "./release_version.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Folders whose manifests name the project's images. */
const FOLDERS = ["gateway", "example"];

/** What says the version in this repository. */
export async function versionSources(): Promise<VersionSources> {
  const paths = [...(await Promise.all(FOLDERS.map(manifestsBelow))).flat().sort(), "docs/INSTALL.md"];
  const texts = await Promise.all(paths.map(async (path) => [path, await read(path)] as const));
  return { changelog: await read("CHANGELOG.md"), constant: VERSION, manifests: new Map(texts) };
}

function read(path: string): Promise<string> {
  return Deno.readTextFile(join(root, path));
}

async function manifestsBelow(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(join(root, folder))) {
    const path = join(folder, name);
    if (isDirectory) found.push(...await manifestsBelow(path));
    else if (name.endsWith(".yaml")) found.push(path);
  }
  return found;
}
