/** Makes MinIO available for tests, from its Go module. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inputHash } from "../cache/cache.ts";
import { runCommand } from "../process/command.ts";
import { cachedDirectory, isCached } from "../cache/cached_directory.ts";
import type { RequiredTool } from "../needs/needs.ts";
import { step } from "../process/step.ts";
import { requireGo } from "../needs/require_go.ts";

const NAME = "minio";
const module = fileURLToPath(new URL("minio/", import.meta.url));

/** The path of MinIO's server, which is built at first need (two minutes on two cores) and kept in the user's cache. */
export async function minioBinary(signal?: AbortSignal): Promise<string> {
  const directory = await cachedDirectory(NAME, await inputs(), async (directory) => {
    await requireGo("MinIO is", undefined, signal);
    const args = ["build", "-trimpath", "-ldflags=-s -w", "-o", join(directory, "minio"), "github.com/minio/minio"];
    await step("Building MinIO", () => runCommand("go", args, { cwd: module, env: { CGO_ENABLED: "0" }, signal }));
  }, { signal });
  return join(directory, "minio");
}

/** What `minioBinary` needs now. */
export async function minioNeeds(): Promise<readonly RequiredTool[]> {
  return isCached(NAME, await inputs()) ? [] : [{ tool: "go", purpose: "to build MinIO" }];
}

function inputs(): Promise<string> {
  return inputHash([Deno.build.os, Deno.build.arch], ["go.mod", "go.sum"].map((name) => join(module, name)));
}
