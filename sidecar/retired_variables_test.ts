import { deepEqual, equal, match } from "node:assert/strict";
import { variables } from "./config.ts";
import { RETIRED, retiredVariables } from "./retired_variables.ts";

Deno.test("a variable that a former version read is told, with what replaces it", () => {
  const said = retiredVariables((variable) => variable === "TEMPLATES_DIRECTORY" ? "/etc/templates" : undefined);
  equal(said.length, 1);
  match(said[0]!, /^TEMPLATES_DIRECTORY is not read any more: .* TEMPLATES_CONFIG_MAP names/);
});

Deno.test("one that is not set, or is empty, is not; and none of them is read", () => {
  deepEqual(retiredVariables(() => undefined), []);
  deepEqual(retiredVariables(() => ""), []);
  deepEqual(variables.filter((variable) => variable in RETIRED), []);
});
