import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheDirectory, inputHash } from "../../scripts/cache.ts";
import { run, succeeds } from "../../scripts/command.ts";
import { MissingError } from "../../scripts/missing.ts";
import { step } from "../../scripts/progress.ts";
import { withLock } from "../cluster/lock.ts";

const root = fileURLToPath(new URL("peers", import.meta.url));

/** The Go modules below `peers/`. */
export type PeerModule = "grpc" | "http" | "knative" | "kubernetes";

/**
 * The directory with a module's programs, which are built at first need and kept in the user's cache until their source
 * changes.
 * @throws MissingError where there is no Go
 */
export async function peers(module: PeerModule, signal?: AbortSignal): Promise<string> {
  const source = join(root, module);
  const hash = await inputHash([Deno.build.os, Deno.build.arch], [source]);
  const directory = join(cacheDirectory(), `bench-${module}-${hash}`);
  const exists = () => Deno.stat(directory).then(() => true, () => false);
  if (await exists()) return directory;
  if (!await succeeds("go", ["version"], { signal })) {
    throw new MissingError("There is no Go on PATH, which the peers are built with. Install Go 1.24 or later.");
  }
  await withLock(`bench-${module}`, signal, async () => {
    if (await exists()) return;
    const work = await Deno.makeTempDir({ dir: cacheDirectory(), prefix: ".bench-" });
    try {
      await step(`Building the peers of ${module}`, async () => {
        await run("go", ["build", "-ldflags=-s -w", "-o", `${work}/`, "./..."], { cwd: source, signal });
      });
      await forget(`bench-${module}-`);
      await Deno.rename(work, directory);
    } finally {
      await Deno.remove(work, { recursive: true }).catch(() => {});
    }
  });
  return directory;
}

/** Former builds. */
async function forget(prefix: string): Promise<void> {
  for await (const { name } of Deno.readDir(cacheDirectory())) {
    if (name.startsWith(prefix)) await Deno.remove(join(cacheDirectory(), name), { recursive: true });
  }
}
