import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { unlessAbsent } from "./unless_absent.ts";

Deno.test("what is not there is undefined; any other error stays one", async () => {
  const here = fileURLToPath(new URL("..", import.meta.url));
  assert.equal(await unlessAbsent(Deno.readTextFile(`${here}/nothing`)), undefined);
  assert.equal((await unlessAbsent(Deno.stat(here)))?.isDirectory, true);
  await assert.rejects(unlessAbsent(Deno.readTextFile(here)));
});
