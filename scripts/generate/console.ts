/**
 * Writes sidecar/gen/console.js: what the pages of the console run in a browser. Does nothing while its inputs are
 * unchanged.
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { bundleModule, DENO_VERSION, packagesIn } from "../compile/bundle.ts";
import { temporaryDirectory } from "../process/temporary_directory.ts";
import { unlessAbsent } from "../process/unless_absent.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const script = join(root, "sidecar/gen/console.js");
const stamp = join(root, "sidecar/gen/console.inputs");

/** What the script is made of; its dependencies have their versions in the first one's deno.json. */
const SOURCES = ["sidecar/console", "types", "scripts/generate/console.ts", "scripts/compile/bundle.ts"];

/** Writes the script; answers whether it had to. */
export async function generateConsole(force = false): Promise<boolean> {
  const inputs = await inputsHash();
  const isThere = await unlessAbsent(Deno.stat(script)) !== undefined;
  if (!force && isThere && await unlessAbsent(Deno.readTextFile(stamp)) === inputs) return false;
  await Deno.mkdir(join(root, "sidecar/gen"), { recursive: true });
  // In the same file system. A reader never sees half a file, nor does a process that generates at the same time.
  await using work = await temporaryDirectory({ dir: join(root, "sidecar/gen"), prefix: ".console-" });
  const made = join(work.path, "console.js");
  await bundleModule("sidecar/console/main.tsx", made, { browser: true, minify: true });
  await Deno.rename(made, script);
  await Deno.writeTextFile(stamp, inputs);
  return true;
}

/** The npm packages of which the script has code, as `NAME@VERSION`. */
export async function consolePackages(signal?: AbortSignal): Promise<readonly string[]> {
  await using work = await temporaryDirectory({ prefix: "view-gateway-console-" });
  const made = join(work.path, "console.js");
  // Minified, it names them no more.
  await bundleModule("sidecar/console/main.tsx", made, { browser: true, signal });
  return packagesIn(await Deno.readTextFile(made));
}

async function inputsHash(): Promise<string> {
  const hash = createHash("sha256").update(`deno ${DENO_VERSION}\n`);
  for (const source of SOURCES) {
    for await (const path of filesBelow(source)) hash.update(`${path}\n`).update(await Deno.readFile(join(root, path)));
  }
  return `${hash.digest("hex")}\n`;
}

/** The file, or all files below the directory but tests, in order. */
async function* filesBelow(path: string): AsyncGenerator<string> {
  if ((await Deno.stat(join(root, path))).isFile) return yield path;
  const entries = await Array.fromAsync(Deno.readDir(join(root, path)));
  for (const name of entries.map(({ name }) => name).sort()) {
    if (name !== "testing" && !/_test\.tsx?$/.test(name)) yield* filesBelow(join(path, name));
  }
}

if (import.meta.main) {
  const program = new Command("console")
    .description(
      "Writes the script of the console's pages into sidecar/gen, from sidecar/console. Does nothing while its inputs are\n" +
        "unchanged.",
    )
    .option("--force", "write it even if its inputs are unchanged", false)
    .parse(Deno.args, { from: "user" });
  const start = performance.now();
  if (await generateConsole(program.opts<{ force: boolean }>().force)) {
    console.error(`wrote sidecar/gen/console.js in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  }
}
