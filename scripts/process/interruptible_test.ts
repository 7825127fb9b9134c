import assert from "node:assert/strict";
import { join } from "node:path";
import { temporaryDirectory } from "./temporary_directory.ts";

/** Runs a program whose main is this; answers its status and output. */
async function program(
  main: string,
  interrupt?: Deno.Signal,
): Promise<{ code: number; stdout: string; stderr: string }> {
  await using directory = await temporaryDirectory();
  const script = join(directory.path, "program.ts");
  const from = (name: string) => JSON.stringify(import.meta.resolve(name));
  await Deno.writeTextFile(
    script,
    `import { interruptible } from ${from("./interruptible.ts")};
     import { MissingError } from ${from("../needs/missing_error.ts")};
     import { runCommand } from ${from("./command.ts")};
     void MissingError, runCommand;
     await interruptible(${main});`,
  );
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", script],
    env: { NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  });
  await using child = command.spawn();
  const stderr = new Response(child.stderr).text();
  let stdout = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    stdout += text;
    if (interrupt && text.includes("running")) child.kill(interrupt);
  }
  return { code: (await child.status).code, stdout, stderr: await stderr };
}

for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
  Deno.test(`${signal} ends what runs, lets the program clean up, and gives its status`, async () => {
    const main = `async (signal) => {
      try { console.log("running"); await runCommand("sleep", ["60"], { signal }); } finally { console.log("clean"); }
    }`;
    const result = await program(main, signal);
    assert.deepEqual(result, { code, stdout: "running\nclean\n", stderr: `Stopped by ${signal}.\n` });
  });
}

Deno.test("a program is interrupted even if a command that it runs sees Ctrl-C first", async () => {
  const script = "(sleep 0.1; kill -INT $PPID) > /dev/null 2>&1 & kill -INT $$";
  const result = await program(`async (signal) => { await runCommand("sh", ["-c", "${script}"], { signal }); }`);
  assert.deepEqual(result, { code: 130, stdout: "", stderr: "Stopped by SIGINT.\n" });
});

Deno.test("a command that another program interrupts has failed", async () => {
  const result = await program(`async (signal) => { await runCommand("sh", ["-c", "kill -INT $$"], { signal }); }`);
  assert.deepEqual(result, { code: 1, stdout: "", stderr: "sh -c kill -INT $$ was ended by SIGINT:\n\n" });
});

Deno.test("a missing requirement prints one line and exits with status 1", async () => {
  const result = await program(`() => Promise.reject(new MissingError("There is no Go."))`);
  assert.deepEqual(result, { code: 1, stdout: "", stderr: "There is no Go.\n" });
});

Deno.test("the status that the program sets stays, even if a library for Node.js changes the exit", async () => {
  // As signal-exit does, which testcontainers brings.
  const main = `async () => {
      const { default: process } = await import("node:process");
      const emit = process.emit;
      process.emit = function (event, code) {
        if (event === "exit" && code !== undefined) process.exitCode = code;
        return emit.call(this, event, code);
      };
      Deno.exitCode = 4;
    }`;
  assert.deepEqual(await program(main), { code: 4, stdout: "", stderr: "" });
});

Deno.test("a defect keeps its stack", async () => {
  const { code, stderr } = await program(`() => Promise.reject(new TypeError("oops"))`);
  assert.equal(code, 1);
  assert.match(stderr, /TypeError: oops\n[^]*\n\s+at interruptible /);
});
