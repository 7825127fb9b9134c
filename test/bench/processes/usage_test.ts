import { equal, ok } from "node:assert/strict";
import { cpuOf, memoryOf, usage } from "./usage.ts";

Deno.test("memory is read from a process's status", () => {
  equal(memoryOf("Name:\tdeno\nVmRSS:\t    2048 kB\nThreads:\t9\n"), 2 * 1024 * 1024);
});

Deno.test("CPU time is read though the program's name looks like fields", () => {
  equal(cpuOf("12 (a) b 1) S 1 12 12 0 -1 4194560 1 2 3 4 150 50 0 0 20 0 1 0 7 8 9"), 2);
});

Deno.test("this process uses memory and CPU", async () => {
  const { memory, cpu } = await usage(Deno.pid);
  ok(memory > 1 << 20 && cpu > 0);
});
