import assert from "node:assert/strict";
import { isNewEnough } from "./require_go.ts";

Deno.test("Go is new enough where it fetches the version that a module names", () => {
  for (
    const [version, expected] of [
      ["go version go1.26.8 linux/amd64", true],
      ["go version go1.21 linux/arm64", true],
      ["go version go2.0 linux/amd64", true],
      ["go version go1.19.8 linux/amd64", false],
      ["go version go1.4 linux/amd64", false],
      ["gccgo (Debian 12.2.0-14) 12.2.0", false],
    ] as const
  ) assert.equal(isNewEnough(version), expected, version);
});
