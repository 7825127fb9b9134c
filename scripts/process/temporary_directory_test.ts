import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "./temporary_directory.ts";

Deno.test("a temporary directory is gone with its block, with what is in it, also after an error", async () => {
  let path = "";
  await assert.rejects(async () => {
    await using work = await temporaryDirectory();
    path = work.path;
    await Deno.mkdir(join(path, "a"));
    await Deno.writeTextFile(join(path, "a/b"), "");
    throw new Error("no space left");
  }, { message: "no space left" });
  assert.ok(path !== "" && !existsSync(path));
});

Deno.test("one that was given another name stays", async () => {
  await using parent = await temporaryDirectory();
  const kept = join(parent.path, "kept");
  {
    await using work = await temporaryDirectory({ dir: parent.path });
    await Deno.rename(work.path, kept);
  }
  assert.ok(existsSync(kept));
});
