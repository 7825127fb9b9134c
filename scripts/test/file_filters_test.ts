import { deepEqual, match } from "node:assert/strict";
import { Command } from "commander";
import { chosenPaths, filteredFiles, unmatchedFilters } from "./file_filters.ts";

const paths = ["sidecar/gate/hold_test.ts", "sidecar/lake/scope_test.ts", "types/gate_test.ts"];

Deno.test("each filter chooses the files whose path contains it, in their order", () => {
  deepEqual(chosenPaths(paths, ["types/", "scope"]), ["sidecar/lake/scope_test.ts", "types/gate_test.ts"]);
  deepEqual(chosenPaths(paths, ["gate"]), ["sidecar/gate/hold_test.ts", "types/gate_test.ts"]);
  deepEqual(chosenPaths(paths, []), []);
});

Deno.test("a path as a shell completes it is a filter", () => {
  deepEqual(chosenPaths(paths, ["./sidecar/gate/"]), ["sidecar/gate/hold_test.ts"]);
  deepEqual(chosenPaths(paths, ["./gate/"]), []);
});

Deno.test("a filter that matches nothing is named, though another one matches", () => {
  deepEqual(unmatchedFilters(paths, ["gate", "gaet", "lake"]), ["gaet"]);
  deepEqual(unmatchedFilters(paths, ["gate", "lake"]), []);
});

Deno.test("a filter that matches nothing ends the program with one line that names the choices", () => {
  let said = "";
  const program = new Command("test").exitOverride().configureOutput({ writeErr: (text) => said += text });
  let thrown: unknown;
  try {
    filteredFiles(program, { kind: "unit test", paths, choices: ["sidecar/gate", "types"] }, ["gaet"]);
  } catch (error) {
    thrown = error;
  }
  match(String(thrown), /CommanderError/);
  match(said, /^error: The path of no unit test contains "gaet"\. There are: sidecar\/gate, types\.\n$/);
});
