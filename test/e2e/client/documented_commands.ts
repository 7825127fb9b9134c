import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";

/** The commands of a section of a document, one a line. */
export async function documentedCommands(
  document: string,
  heading: string,
): Promise<readonly string[]> {
  const page = await readFile(
    new URL(`../../../docs/${document}`, import.meta.url),
    "utf8",
  );
  const section = page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
  const blocks = [...section?.matchAll(/^```sh\n(.*?)^```$/gms) ?? []].map((
    [, block],
  ) => block!);
  return blocks.join("").replaceAll("\\\n", "").split("\n").filter((line) => line !== "");
}

/** What a shell says about a command: its exit status, and all that it has written. */
export async function runInShell(
  command: string,
): Promise<
  { readonly status: number; readonly out: string; readonly err: string }
> {
  const child = spawn("bash", ["-c", command], {
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 80_000,
  });
  const [out, err, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { status, out, err };
}
