import { equal } from "node:assert/strict";
import { generated } from "./schemas.ts";

Deno.test("what is committed is what the schemas say", async () => {
  for (const { file, wanted, found } of await generated()) {
    equal(found, wanted, `run \`deno task schemas\` and commit ${file.pathname}`);
  }
});
