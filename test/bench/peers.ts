import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inputHash } from "../../scripts/cache/cache.ts";
import { runCommand } from "../../scripts/process/command.ts";
import { cachedDirectory, isCached } from "../../scripts/cache/cached_directory.ts";
import type { RequiredTool } from "../../scripts/needs/needs.ts";
import { step } from "../../scripts/process/step.ts";
import { requireGo } from "../../scripts/needs/require_go.ts";

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
  return await cachedDirectory(nameOf(module), await inputs(source), async (directory) => {
    await requireGo("the peers are", undefined, signal);
    await step(`Building the peers of ${module}`, async () => {
      await runCommand("go", ["build", "-ldflags=-s -w", "-o", `${directory}/`, "./..."], { cwd: source, signal });
    });
  }, { signal });
}

/** What `peers` needs now. */
export async function peersNeeds(module: PeerModule): Promise<readonly RequiredTool[]> {
  const made = isCached(nameOf(module), await inputs(join(root, module)));
  return made ? [] : [{ tool: "go", purpose: "to build the peers" }];
}

function nameOf(module: PeerModule): string {
  return `bench-${module}`;
}

function inputs(source: string): Promise<string> {
  return inputHash([Deno.build.os, Deno.build.arch], [source]);
}
