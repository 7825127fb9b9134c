import { join } from "node:path";
import { fileDigest } from "../cache/file_digest.ts";

/** The file of a release that has the SHA-256 of all others, as `sha256sum --check` reads it. */
export const CHECKSUMS = "SHA256SUMS";

/** The text of the checksums of all files in a directory, sorted by name. */
export async function checksumsOf(directory: string): Promise<string> {
  const names = (await Array.fromAsync(Deno.readDir(directory), ({ name }) => name)).filter((name) =>
    name !== CHECKSUMS
  );
  const lines = await Promise.all(
    names.sort().map(async (name) => `${await fileDigest(join(directory, name))}  ${name}\n`),
  );
  return lines.join("");
}

/** The names of files whose checksums differ, or which only one of two texts has. */
export function differing(one: string, other: string): readonly string[] {
  const [a, b] = [one, other].map((text) => new Set(text.split("\n").filter((line) => line !== "")));
  const lines = [...a!.symmetricDifference(b!)];
  return [...new Set(lines.map((line) => line.replace(/^\S+ +/, "")))].sort();
}
