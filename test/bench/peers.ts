import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inputHash } from "../../scripts/cache.ts";
import { run } from "../../scripts/command.ts";
import { madeOnce } from "../../scripts/made_once.ts";
import { step } from "../../scripts/progress.ts";
import { requireGo } from "../../scripts/require_go.ts";

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
  return await madeOnce(`bench-${module}`, hash, async (directory) => {
    await requireGo("the peers are", undefined, signal);
    await step(`Building the peers of ${module}`, async () => {
      await run("go", ["build", "-ldflags=-s -w", "-o", `${directory}/`, "./..."], { cwd: source, signal });
    });
  }, { signal });
}
