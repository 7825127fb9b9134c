import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { runCommand } from "../process/command.ts";

/** The repository's directory. */
export const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));

/** Whether the repository is here with what git knows of it. */
export const hasGit = existsSync(`${REPOSITORY}/.git`);

/** Made by programs. */
const GENERATED = "types/gen/";

/** Paths of all files of code that are not generated: those that git has, and new ones. */
export async function codeFiles(): Promise<readonly string[]> {
  const listed = await runCommand("git", [
    "-c",
    "safe.directory=*",
    "ls-files",
    "--cached",
    "--others",
    "--exclude-standard",
    "--deduplicate",
  ], { cwd: REPOSITORY });
  return listed.split("\n").filter((path) =>
    /\.[cm]?[jt]sx?$/.test(path) && !path.startsWith(GENERATED) && existsSync(`${REPOSITORY}/${path}`)
  );
}

/** Whether it is a test, or something that only tests use. */
export function isTest(path: string): boolean {
  return /_test\.tsx?$|\/testing\//.test(path);
}
