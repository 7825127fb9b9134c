import assert from "node:assert/strict";
import { startLogging } from "../../sidecar/logging.ts";
import { logVerdict } from "../../sidecar/telemetry/log_lines.ts";
import { gatePassedAt } from "./gate_passed_at.ts";

/** What the sidecar writes, at level debug. */
async function logged(write: () => void): Promise<string> {
  await startLogging("debug");
  const { debug } = console;
  const lines: string[] = [];
  console.debug = (line: string) => lines.push(line);
  try {
    write();
  } finally {
    console.debug = debug;
  }
  return lines.join("\n");
}

Deno.test("the moment at which the gate let a view's request pass is read from the sidecar's log", async () => {
  const before = Date.now();
  const log = await logged(() => {
    logVerdict("other", { kind: "pass", view: "other" }, 1);
    logVerdict("hello", { kind: "handed back" }, 2);
    logVerdict("hello", { kind: "pass", view: "hello" }, 1234);
  });

  const passed = gatePassedAt(`${log}\n`, "hello", before);
  assert.ok(passed !== undefined && passed >= before && passed <= Date.now());
  assert.equal(gatePassedAt(log, "hello", Date.now() + 1), undefined, "an earlier request's");
  assert.equal(gatePassedAt(log, "nobody", before), undefined);
});
