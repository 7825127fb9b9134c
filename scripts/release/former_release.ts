import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand, succeeds } from "../process/command.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A version that people run, and the commit that it is built from. */
export interface Release {
  readonly version: string;
  readonly commit: string;
}

/** The last release. This version works beside it, and can be rolled back to it: docs/UPGRADE.md. */
export const FORMER_RELEASE: Release = { version: "0.1.0", commit: "756f817373f9e729e09f1ce74d6744e4245602f3" };

/** Why a checkout has no files of a release, and what to do; undefined where it has them. */
export async function lackOfRelease(
  { version, commit }: Release,
  checkout = root,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const lack = `Release ${version} is commit ${commit}`;
  // A folder inside a clone of something else is no clone.
  if (!existsSync(join(checkout, ".git"))) return `${lack}, and this is no clone. Clone the repository with git.`;
  if (!await succeeds("git", ["--version"], { signal })) return `${lack}, and there is no git on PATH. Install git.`;
  if (await succeeds("git", ["-C", checkout, "cat-file", "-e", `${commit}^{commit}`], { signal })) return undefined;
  const shallow = await runCommand("git", ["-C", checkout, "rev-parse", "--is-shallow-repository"], { signal });
  return shallow.trim() === "true"
    ? `${lack}, which this shallow clone does not have. Run \`git fetch --unshallow\`.`
    : `${lack}, which this clone does not have. Run \`git fetch\` for the branch that it is on.`;
}

/** Writes the files of a release into an empty directory. */
export async function writeRelease(
  { commit }: Release,
  directory: string,
  checkout = root,
  signal?: AbortSignal,
): Promise<void> {
  const archive = `${directory}.tar`;
  try {
    await runCommand("git", ["-C", checkout, "archive", "--format=tar", `--output=${archive}`, commit], { signal });
    await runCommand("tar", ["--extract", `--file=${archive}`, `--directory=${directory}`], { signal });
  } finally {
    await Deno.remove(archive).catch(() => {});
  }
}
