import { join } from "node:path";

/** Removes the entries of a directory whose names are chosen, except the newest ones. */
export async function prune(directory: string, chosen: (name: string) => boolean, keep: number): Promise<void> {
  const found: { path: string; made: number }[] = [];
  for await (const { name } of Deno.readDir(directory)) {
    if (!chosen(name)) continue;
    const path = join(directory, name);
    found.push({ path, made: (await Deno.stat(path)).mtime?.getTime() ?? 0 });
  }
  for (const { path } of found.sort((a, b) => b.made - a.made).slice(keep)) {
    await Deno.remove(path, { recursive: true });
  }
}
