import assert from "node:assert/strict";
import { CommandError, runCommand, succeeds } from "./command.ts";

Deno.test("a command answers what it printed", async () => {
  assert.equal(await runCommand("sh", ["-c", 'echo "$A in $PWD"'], { cwd: "/", env: { A: "b" } }), "b in /\n");
});

Deno.test("a command answers its errors too where they are asked for", async () => {
  const script = ["-c", "echo all is well; echo but for this >&2"];
  assert.equal(await runCommand("sh", script), "all is well\n");
  assert.equal(await runCommand("sh", script, { withErrors: true }), "all is well\nbut for this\n");
});

Deno.test("a command that fails says how, and the end of what it printed", async () => {
  await assert.rejects(runCommand("sh", ["-c", "seq 100; echo broken >&2; exit 3"]), (error: Error) => {
    assert.ok(error instanceof CommandError);
    assert.match(error.message, /failed with exit status 3:\n82\n/);
    assert.match(error.message, /100\nbroken$/);
    return true;
  });
});

Deno.test("a command that is not there is said by its name", async () => {
  await assert.rejects(runCommand("no-such-command", []), {
    name: "CommandError",
    message: "There is no command no-such-command on PATH.",
  });
  assert.equal(await succeeds("no-such-command", []), false);
});

Deno.test("an aborted command is ended, and the reason is the error", async () => {
  const controller = new AbortController();
  const started = performance.now();
  const running = runCommand("sleep", ["60"], { signal: controller.signal });
  controller.abort(new Error("enough"));
  await assert.rejects(running, { message: "enough" });
  assert.ok(performance.now() - started < 30_000);
});
