import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { temporaryDirectory } from "../../process/temporary_directory.ts";
import { identify, isAlive } from "./process_identity.ts";
import { Processes } from "./processes.ts";

function test(name: string, run: (processes: Processes, directory: string) => Promise<void>): void {
  Deno.test(name, { ignore: Deno.build.os !== "linux" }, async () => {
    await using directory = await temporaryDirectory();
    const processes = new Processes(directory.path);
    try {
      await run(processes, directory.path);
    } finally {
      await processes.endAll();
    }
  });
}

test(
  "a process is found by another reader of the directory, with what it wrote, and ended",
  async (processes, directory) => {
    const pid = await processes.start({
      name: "a",
      command: ["sh", "-c", "echo $WORD; exec sleep 60"],
      env: { WORD: "hi" },
    });
    const reader = new Processes(directory);
    deepEqual(reader.names(), ["a"]);
    equal(reader.pid("a"), pid);
    while (await reader.logTail("a") !== "hi") await delay(5);
    const identity = identify(pid)!;
    await reader.end("a");
    ok(!isAlive(identity));
    deepEqual(processes.names(), []);
  },
);

test("a program that starts another is recorded as the other", async (processes) => {
  const pid = await processes.start({ name: "a", command: ["sleep", "60"] }, { prefix: ["sh", "-c", '"$@"; :', "sh"] });
  const words = () => Deno.readTextFileSync(`/proc/${pid}/cmdline`).split("\0");
  // It is a copy of its parent until it becomes the program.
  const deadline = performance.now() + 5_000;
  while (words()[0] !== "sleep" && performance.now() < deadline) await delay(5);
  deepEqual(words(), ["sleep", "60", ""]);
});

test("a process that has another's number is left alone", async (processes, directory) => {
  const pid = await processes.start({ name: "a", command: ["sleep", "60"] });
  const identity = identify(pid)!;
  const file = join(directory, "run/a.json");
  const recorded = JSON.parse(Deno.readTextFileSync(file));
  const earlier = { ...recorded, process: { pid, started: "another boot/1" } };
  Deno.writeTextFileSync(file, JSON.stringify(earlier));
  equal(processes.pid("a"), undefined);
  await processes.endAll();
  ok(isAlive(identity));
  // For the clean-up.
  Deno.writeTextFileSync(file, JSON.stringify(recorded));
});

test("the error for a process that has ended has the end of its log", async (processes) => {
  await processes.start({ name: "a", command: ["sh", "-c", "echo no luck; exit 1"] });
  await rejects(async () => {
    for (;; await delay(5)) await processes.requireAlive();
  }, /^Error: a has ended:\nno luck$/);
});

test("a program that is not there is an error", async (processes) => {
  await rejects(processes.start({ name: "a", command: ["/nowhere/a"] }), /ENOENT|not found/i);
});
