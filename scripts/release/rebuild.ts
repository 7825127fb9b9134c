import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "../process/command.ts";
import { step } from "../process/step.ts";
import { temporaryDirectory } from "../process/temporary_directory.ts";
import type { ReleaseBuild } from "./build_release.ts";
import { CHECKSUMS, differing } from "./checksums.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Builds a release once more, from a clone of the commit elsewhere and with empty caches, and answers which files differ
 * from those in a directory.
 */
export async function rebuiltDifference(
  { version, commit, sidecar, envoy }: ReleaseBuild,
  directory: string,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  await using work = await temporaryDirectory({ prefix: "view-gateway-rebuild-" });
  const clone = join(work.path, "one/more/checkout");
  await runCommand("git", ["clone", "--quiet", root, clone], { signal });
  await runCommand("git", ["checkout", "--quiet", "--detach", commit.hash], { cwd: clone, signal });
  const options = [...sidecar === "sidecar" ? ["--bundle"] : [], ...envoy === undefined ? [] : [`--envoy=${envoy}`]];
  // Deno's cache of npm packages is there too.
  const env = { XDG_CACHE_HOME: join(work.path, "cache"), DENO_DIR: join(work.path, "deno"), TZ: "Pacific/Kiritimati" };
  const command = ["task", "--quiet", "release", version, ...options];
  await step("Building once more", () => runCommand(Deno.execPath(), command, { cwd: clone, env, signal }));
  const [one, other] = await Promise.all(
    [directory, join(clone, "target/release", version)].map((path) => Deno.readTextFile(join(path, CHECKSUMS))),
  );
  return differing(one!, other!);
}
