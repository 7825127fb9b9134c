/** Makes kwokctl available, from its Go module: for the stand-in of kwok's image. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inputHash } from "../../cache/cache.ts";
import { runCommand } from "../../process/command.ts";
import { cachedDirectory, isCached } from "../../cache/cached_directory.ts";
import type { RequiredTool } from "../../needs/needs.ts";
import { step } from "../../process/step.ts";
import { requireGo } from "../../needs/require_go.ts";

const NAME = "kwokctl";
const module = fileURLToPath(new URL("kwokctl/", import.meta.url));

/**
 * The path of kwokctl. The first call builds it and keeps it in the user's cache. Its dependencies have the versions of
 * `kube/`: after Kubernetes the build takes half a minute, without it three minutes.
 * @throws MissingError if there is no Go
 */
export async function kwokctlBinary(signal?: AbortSignal): Promise<string> {
  const directory = await cachedDirectory(NAME, await inputs(), async (directory) => {
    await requireGo("kwokctl is", undefined, signal);
    const args = ["build", "-ldflags=-s -w", "-o", join(directory, "kwokctl"), "sigs.k8s.io/kwok/cmd/kwokctl"];
    await step("Building kwokctl", () => runCommand("go", args, { cwd: module, signal }));
  }, { signal });
  return join(directory, "kwokctl");
}

/** What `kwokctlBinary` needs now. */
export async function kwokctlNeeds(): Promise<readonly RequiredTool[]> {
  return isCached(NAME, await inputs()) ? [] : [{ tool: "go", purpose: "to build kwokctl" }];
}

function inputs(): Promise<string> {
  return inputHash([Deno.build.os, Deno.build.arch], ["go.mod", "go.sum"].map((name) => join(module, name)));
}
