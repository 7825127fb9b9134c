import { equal } from "node:assert/strict";
import { generateConsole } from "./console.ts";

Deno.test("the console's script is written once for the same sources", async () => {
  await generateConsole();
  equal(await generateConsole(), false);
});
