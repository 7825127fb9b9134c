import { deepEqual, equal, match } from "node:assert/strict";
import { variables } from "./config.ts";
import { RETIRED, retiredVariables } from "./retired_variables.ts";

Deno.test("a variable that a former version read makes a message that says what replaces it", () => {
  const said = retiredVariables((variable) => variable === "TEMPLATES_DIRECTORY" ? "/etc/templates" : undefined);
  equal(said.length, 1);
  match(said[0]!, /^TEMPLATES_DIRECTORY is not read any more: .* TEMPLATES_CONFIG_MAP names/);
});

Deno.test("one that is not set, or is empty, makes none; and no variable that is read is among them", () => {
  deepEqual(retiredVariables(() => undefined), []);
  deepEqual(retiredVariables(() => ""), []);
  deepEqual(variables.filter((variable) => variable in RETIRED), []);
});
