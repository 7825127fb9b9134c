import { deepEqual, equal } from "node:assert/strict";
import { reset } from "@logtape/logtape";
import { jsonLine, logger, startLogging } from "./logging.ts";

Deno.test("a line is one JSON object, in which an error says what it is", () => {
  const text = jsonLine({
    category: ["view-gateway", "xds"],
    level: "error",
    timestamp: Date.UTC(2026, 0, 1),
    message: ["The stream of ", "gateway-1", " has failed: ", new TypeError("no connection"), ""],
    rawMessage: "The stream of {node} has failed: {error}",
    properties: { node: "gateway-1" },
  });
  equal(text.trimEnd().includes("\n"), false);
  equal(JSON.parse(text).message, 'The stream of "gateway-1" has failed: "no connection"');
});

Deno.test("an audit line is logged once, at every level", async () => {
  for (const level of ["debug", "error"] as const) {
    const lines: string[] = [];
    const { info } = console;
    console.info = (line: string) => lines.push(line);
    try {
      await startLogging(level);
      logger("audit").info("created", {});
      logger("gate").info("passed", {});
    } finally {
      console.info = info;
      await reset();
    }
    deepEqual(lines.map((line) => JSON.parse(line).message), level === "debug" ? ["created", "passed"] : ["created"]);
  }
});
