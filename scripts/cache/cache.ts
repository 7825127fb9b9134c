import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { join, relative } from "node:path";

/** Where results of builds are kept between runs, outside the checkout. */
export function cacheDirectory(): string {
  const base = Deno.env.get("XDG_CACHE_HOME") || join(homedir(), ".cache");
  return join(base, "view-gateway");
}

/** A short hash of strings and of the names and contents of files; of a directory's, those that `chosen` is true for. */
export async function inputHash(
  strings: readonly string[],
  paths: readonly string[],
  chosen: (path: string) => boolean = () => true,
): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify(strings));
  for (const path of paths) {
    for (const file of await filesOf(path)) {
      if (!chosen(file)) continue;
      hash.update(JSON.stringify(relative(path, file))).update(
        createHash("sha256").update(await Deno.readFile(file)).digest(),
      );
    }
  }
  return hash.digest("hex").slice(0, 12);
}

async function filesOf(path: string): Promise<readonly string[]> {
  if (!(await Deno.stat(path)).isDirectory) return [path];
  const names = (await Array.fromAsync(Deno.readDir(path), ({ name }) => name)).sort();
  return (await Promise.all(names.map((name) => filesOf(join(path, name))))).flat();
}
