import { deepEqual } from "node:assert/strict";
import { join } from "node:path";
import { temporaryDirectory } from "../process/temporary_directory.ts";
import { removeAbandoned } from "./build_release.ts";

Deno.test("what a build has left that was killed goes with the next one, and nothing else", async () => {
  await using directory = await temporaryDirectory({ prefix: "releases-" });
  // No process has this number: https://man7.org/linux/man-pages/man5/proc_sys_kernel.5.html
  const names = ["0.1.0", ".making-4194305-0a", `.making-${Deno.pid}-0b`];
  for (const name of names) await Deno.mkdir(join(directory.path, name, "blobs"), { recursive: true });
  await removeAbandoned(directory.path);
  const left = [...Deno.readDirSync(directory.path)].map(({ name }) => name);
  deepEqual(left.sort(), [`.making-${Deno.pid}-0b`, "0.1.0"].sort());
});
