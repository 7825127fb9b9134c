import { join } from "node:path";

/** A file, directory or symbolic link of an archive; what a file system knows beside this is not kept. */
export type TreeEntry =
  | { readonly path: string; readonly kind: "directory"; readonly mode?: number }
  | { readonly path: string; readonly kind: "symlink"; readonly target: string }
  | { readonly path: string; readonly kind: "file"; readonly content: Uint8Array; readonly executable: boolean };

/** What is at a path of the file system, as entries of an archive under another path. */
export async function treeOf(source: string, path: string): Promise<readonly TreeEntry[]> {
  const { isDirectory, isSymlink, mode } = await Deno.lstat(source);
  if (isSymlink) return [{ path, kind: "symlink", target: await Deno.readLink(source) }];
  if (!isDirectory) {
    return [{ path, kind: "file", content: await Deno.readFile(source), executable: ((mode ?? 0) & 0o100) !== 0 }];
  }
  const names = (await Array.fromAsync(Deno.readDir(source), ({ name }) => name)).sort();
  const below = await Promise.all(names.map((name) => treeOf(join(source, name), join(path, name))));
  return [{ path, kind: "directory" }, ...below.flat()];
}

/** A file of an archive that is made from a text. */
export function textFile(path: string, text: string): TreeEntry {
  return { path, kind: "file", content: new TextEncoder().encode(text), executable: false };
}

/** The entries in the order of their paths, each path once, with the directories above each: the last of a path counts. */
export function wholeTree(entries: readonly TreeEntry[]): readonly TreeEntry[] {
  const byPath = new Map<string, TreeEntry>();
  for (const entry of entries) {
    const parts = entry.path.split("/");
    for (let depth = 1; depth < parts.length; depth++) {
      const path = parts.slice(0, depth).join("/");
      if (!byPath.has(path)) byPath.set(path, { path, kind: "directory" });
    }
    byPath.set(entry.path, entry);
  }
  return [...byPath.values()].sort((a, b) => a.path < b.path ? -1 : 1);
}
