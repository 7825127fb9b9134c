import assert from "node:assert/strict";
import { join } from "node:path";
import { runCommand } from "../process/command.ts";
import { temporaryDirectory } from "../process/temporary_directory.ts";
import { lackOfRelease, type Release, writeRelease } from "./former_release.ts";

/** A repository with a release whose file says 1, and a later commit. */
async function repositoryIn(directory: string): Promise<{ readonly path: string; readonly release: Release }> {
  const path = join(directory, "repository");
  const git = (...args: string[]) => runCommand("git", ["-C", path, ...args]);
  await Deno.mkdir(path);
  await git("init", "--quiet");
  await git("config", "user.name", "somebody");
  await git("config", "user.email", "somebody@example.com");
  for (const text of ["1", "2"]) {
    await Deno.writeTextFile(join(path, "file"), text);
    await git("add", "file");
    await git("commit", "--quiet", "--message", text);
  }
  return { path, release: { version: "0.1.0", commit: (await git("rev-parse", "HEAD~1")).trim() } };
}

Deno.test("a release is written as its commit has it", async () => {
  await using work = await temporaryDirectory();
  const { path, release } = await repositoryIn(work.path);
  const written = join(work.path, "written");
  await Deno.mkdir(written);
  assert.equal(await lackOfRelease(release, path), undefined);
  await writeRelease(release, written, path);
  assert.equal(await Deno.readTextFile(join(written, "file")), "1");
});

Deno.test("a shallow clone lacks the release, and the message says how to get it", async () => {
  await using work = await temporaryDirectory();
  const { path, release } = await repositoryIn(work.path);
  const shallow = join(work.path, "shallow");
  await runCommand("git", ["clone", "--quiet", "--depth=1", `file://${path}`, shallow]);
  assert.equal(
    await lackOfRelease(release, shallow),
    `Release 0.1.0 is commit ${release.commit}, which this shallow clone does not have. Run \`git fetch --unshallow\`.`,
  );
  await runCommand("git", ["-C", shallow, "fetch", "--quiet", "--unshallow"]);
  assert.equal(await lackOfRelease(release, shallow), undefined);
});

Deno.test("a folder that is no clone, and a clone of something else, lack the release", async () => {
  await using work = await temporaryDirectory();
  const { path, release } = await repositoryIn(work.path);
  const commit = "0".repeat(40);
  assert.match(
    await lackOfRelease(release, work.path) ?? "",
    /, and this is no clone\. Clone the repository with git\.$/,
  );
  assert.match(
    await lackOfRelease({ ...release, commit }, path) ?? "",
    /, which this clone does not have\. Run `git fetch`/,
  );
});
