import { equal, match } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import config from "../deno.json" with { type: "json" };

/** These pass their arguments on. */
const PASSES_ARGUMENTS_ON = ["kubectl"];

async function run(args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: fileURLToPath(new URL("..", import.meta.url)),
    // A task that starts something despite its arguments finds nothing to start it with.
    env: { NO_COLOR: "1", PATH: "/nonexistent" },
  }).output();
  return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
}

for (const [name, task] of Object.entries(config.tasks)) {
  const { command } = task;
  if (!command.startsWith("deno run ") || PASSES_ARGUMENTS_ON.includes(name)) continue;
  const words = command.split(" ").slice(1);

  Deno.test(`${name} has a help of its own, and starts nothing for it`, async () => {
    const { code, stdout, stderr } = await run([...words, "--help"]);
    equal(code, 0, stderr);
    match(stdout, new RegExp(`^Usage: ${name} \\[`));
  });

  Deno.test(`${name} refuses an option that it does not know, in one line`, async () => {
    const { code, stdout, stderr } = await run([...words, "--no-such-option"]);
    equal(code, 1);
    equal(stdout, "");
    match(stderr, /^error: unknown option '--no-such-option'\n(\(.*\)\n)?$/);
  });
}

for (const name of ["schemas", "protos", "test", "e2e", "test:faults"] as const) {
  Deno.test(`${name} refuses an argument that means nothing to it, in one line`, async () => {
    const { code, stderr } = await run([...config.tasks[name].command.split(" ").slice(1), "no-such-thing"]);
    equal(code, 1);
    match(stderr, /^error: .+\n$/);
  });
}
