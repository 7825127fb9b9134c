import assert from "node:assert/strict";
import { supervise } from "./supervise.ts";

const { signal } = new AbortController();

Deno.test("a command's exit status is the answer", async () => {
  assert.equal(await supervise(["sh", "-c", "exit $STATUS"], { STATUS: "3" }, signal), 3);
});

Deno.test("a command that is not there is named in one line", async () => {
  await assert.rejects(supervise(["no-such-command"], {}, signal), {
    name: "CommandError",
    message: "There is no command no-such-command on PATH.",
  });
});
