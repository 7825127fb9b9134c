import assert from "node:assert/strict";
import { isNewEnoughJava } from "./java_version.ts";

Deno.test("Java is new enough from 17 on", () => {
  for (
    const [text, expected] of [
      ["openjdk 17.0.15 2025-04-15\nOpenJDK Runtime Environment", true],
      ["openjdk 21 2023-09-19", true],
      ["java 25 2025-09-16 LTS", true],
      ["openjdk 11.0.27 2025-04-15", false],
      ["Unrecognized option: --version", false],
    ] as const
  ) assert.equal(isNewEnoughJava(text), expected, text);
});
