import { deepEqual, equal } from "node:assert/strict";
import { join } from "node:path";
import { temporaryDirectory } from "../process/temporary_directory.ts";
import { checksumsOf, differing } from "./checksums.ts";

Deno.test("checksums name all files of a release but themselves, in order", async () => {
  await using directory = await temporaryDirectory();
  for (const name of ["b", "a", "SHA256SUMS"]) await Deno.writeTextFile(join(directory.path, name), "");
  const empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  equal(await checksumsOf(directory.path), `${empty}  a\n${empty}  b\n`);
});

Deno.test("what differs between two releases is named once", () => {
  deepEqual(differing("1  a\n2  b\n3  c\n", "1  a\n9  b\n4  d\n"), ["b", "c", "d"]);
  deepEqual(differing("1  a\n", "1  a\n"), []);
});
