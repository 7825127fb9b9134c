import { deepEqual } from "node:assert/strict";
import { adviceFor } from "./advice.ts";
import { REASONS } from "./reasons.ts";

Deno.test("each well-known reason has an advice of its own", () => {
  const general = adviceFor("SomethingElse");
  const without = Object.keys(REASONS).filter((reason) => adviceFor(reason) === general);
  deepEqual(without, ["EnvoyRejected", "Other"]);
});
