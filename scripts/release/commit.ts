import { fileURLToPath } from "node:url";
import { MissingError } from "../needs/missing_error.ts";
import { runCommand } from "../process/command.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

export interface Commit {
  readonly hash: string;
  /** In seconds since 1970: https://reproducible-builds.org/docs/source-date-epoch/ */
  readonly time: number;
}

/**
 * The commit of this checkout.
 * @throws MissingError where a file is not as the commit has it: nobody could build the same again
 */
export async function cleanCommit(signal?: AbortSignal, directory = root): Promise<Commit> {
  const git = (...args: string[]) => runCommand("git", args, { cwd: directory, signal });
  const changes = (await git("status", "--porcelain")).trimEnd();
  if (changes !== "") {
    throw new MissingError(`A release is built from a commit, but these files are not as it has them:\n${changes}`);
  }
  const [hash, time] = (await git("log", "-1", "--format=%H %ct")).trim().split(" ");
  return { hash: hash!, time: Number(time) };
}
