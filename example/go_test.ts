/** Runs the unit tests of the views in Go. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

Deno.test("the tests of the example's programs in Go pass", async () => {
  const { success, stdout, stderr } = await new Deno.Command("go", {
    args: ["test", "./..."],
    cwd: fileURLToPath(new URL(".", import.meta.url)),
    env: { CGO_ENABLED: "0" },
  }).output();
  assert.ok(success, new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr));
});
