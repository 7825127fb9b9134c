/** Makes MinIO available for tests, from its Go module. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheDirectory, inputHash } from "../../scripts/cache.ts";
import { run } from "../../scripts/command.ts";
import { step } from "../../scripts/progress.ts";
import { withLock } from "../cluster/lock.ts";

const module = fileURLToPath(new URL("minio/", import.meta.url));

/**
 * The path of MinIO's server, which is built at first need (two minutes on two cores) and kept in the user's cache. Any
 * number of processes may ask at a time: one builds, the others wait for it.
 */
export async function minioBinary(signal?: AbortSignal): Promise<string> {
  const files = ["go.mod", "go.sum"].map((name) => join(module, name));
  const binary = join(cacheDirectory(), "minio", await inputHash(["minio"], files), "minio");
  if (await isFile(binary)) return binary;
  return await withLock("minio", signal, async () => {
    if (await isFile(binary)) return binary;
    await Deno.mkdir(dirname(binary), { recursive: true });
    const made = `${binary}.new`;
    const args = ["build", "-trimpath", "-ldflags", "-s -w", "-o", made, "github.com/minio/minio"];
    await step("Building MinIO", () => run("go", args, { cwd: module, env: { CGO_ENABLED: "0" }, signal }));
    await Deno.rename(made, binary);
    return binary;
  });
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
