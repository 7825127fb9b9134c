import { createHash } from "node:crypto";
import { basename } from "node:path";
import { CommandError } from "../process/command.ts";

/** The SHA-256 of a file, in hexadecimal. */
export async function fileDigest(path: string): Promise<string> {
  const hash = createHash("sha256");
  using file = await Deno.open(path);
  for await (const chunk of file.readable) hash.update(chunk);
  return hash.digest("hex");
}

/**
 * Makes sure that a file is what the project expects.
 * @throws CommandError
 */
export async function requireDigest(path: string, sha256: string): Promise<void> {
  const found = await fileDigest(path);
  if (found !== sha256) throw new CommandError(`${basename(path)} has SHA-256 ${found} instead of ${sha256}.`);
}
