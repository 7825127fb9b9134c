import { equal } from "node:assert/strict";
import { current, generate } from "./schemas.ts";

Deno.test("the committed types are what the schemas say", async () => {
  equal(await current(), await generate(), "run `deno task schemas` and commit types/gen");
});
