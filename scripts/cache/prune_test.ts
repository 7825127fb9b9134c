import assert from "node:assert/strict";
import { join } from "node:path";
import { prune } from "./prune.ts";
import { temporaryDirectory } from "../process/temporary_directory.ts";

Deno.test("of what is chosen the newest stay, files and directories; of the rest all", async () => {
  await using directory = await temporaryDirectory();
  const make = async (name: string, seconds: number) => {
    await Deno.mkdir(join(directory.path, name));
    await Deno.writeTextFile(join(directory.path, name, "file"), "");
    await Deno.utime(join(directory.path, name), seconds, seconds);
  };
  for (const [index, name] of ["a-2", "a-3", "b-0", "a-1"].entries()) await make(name, index);
  await Deno.writeTextFile(join(directory.path, "a-0"), "");
  await prune(directory.path, (name) => name.startsWith("a-"), 2);
  const left = await Array.fromAsync(Deno.readDir(directory.path), ({ name }) => name);
  assert.deepEqual(left.sort(), ["a-0", "a-1", "b-0"]);
});
