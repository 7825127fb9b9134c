import { deepEqual, rejects } from "node:assert/strict";
import { join } from "node:path";
import { MissingError } from "../needs/missing_error.ts";
import { runCommand } from "../process/command.ts";
import { temporaryDirectory } from "../process/temporary_directory.ts";
import { cleanCommit } from "./commit.ts";

Deno.test("a commit has its own time; a changed or new file beside it is refused by its name", async () => {
  await using directory = await temporaryDirectory();
  const cwd = directory.path;
  const env = { GIT_COMMITTER_DATE: "1800000000 +0900", GIT_CONFIG_GLOBAL: "/dev/null" };
  const author = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
  const git = (...args: string[]) => runCommand("git", args, { cwd, env });
  await Deno.writeTextFile(join(cwd, "file"), "one");
  await git("init", "--quiet");
  await git("add", "file");
  await git(...author, "commit", "--quiet", "--message=one");
  const hash = (await git("rev-parse", "HEAD")).trim();
  deepEqual(await cleanCommit(undefined, cwd), { hash, time: 1_800_000_000 });

  const refused = (path: string) => (error: Error) => error instanceof MissingError && error.message.includes(path);
  await Deno.writeTextFile(join(cwd, "new"), "");
  await rejects(cleanCommit(undefined, cwd), refused("?? new"));
  await Deno.remove(join(cwd, "new"));
  await Deno.writeTextFile(join(cwd, "file"), "two");
  await rejects(cleanCommit(undefined, cwd), refused(" M file"));
});
