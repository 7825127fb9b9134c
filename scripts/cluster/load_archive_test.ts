import { rejects } from "node:assert/strict";
import { join } from "node:path";
import { MissingError } from "../needs/missing_error.ts";
import { runCommand } from "../process/command.ts";
import { temporaryDirectory } from "../process/temporary_directory.ts";
import { loadArchive } from "./load_archive.ts";

async function archiveOf(directory: string, tags: readonly string[] | null): Promise<string> {
  await Deno.writeTextFile(join(directory, "manifest.json"), JSON.stringify([{ RepoTags: tags }]));
  const archive = join(directory, "image.tar");
  await runCommand("tar", ["--create", "--file", archive, "--directory", directory, "manifest.json"]);
  return archive;
}

Deno.test("a file that is not there, and an image without a name, are refused with what to do", async () => {
  await using directory = await temporaryDirectory();
  const missing = join(directory.path, "none.tar");
  await rejects(loadArchive(missing), new MissingError(`There is no file ${missing}.`));
  const nameless = await archiveOf(directory.path, null);
  await rejects(
    loadArchive(nameless),
    new MissingError(`No image in ${nameless} has a name. Save it by its name: \`docker save NAME:TAG\`.`),
  );
});
