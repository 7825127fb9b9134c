import { deepEqual, equal } from "node:assert/strict";
import { aborted } from "./aborted.ts";
import { NamedTasks } from "./named_tasks.ts";

Deno.test("a task has its name until it has ended", async () => {
  const tasks = new NamedTasks<number>(() => {});
  const work = Promise.withResolvers<void>();
  tasks.begin("a", 1, () => work.promise);
  deepEqual([tasks.get("a"), tasks.get("b")], [1, undefined]);
  work.resolve();
  await tasks.stop();
  equal(tasks.get("a"), undefined);
});

Deno.test("a task that begins ends the one of its name, and keeps the name when that one notices", async () => {
  const tasks = new NamedTasks<number>(() => {});
  const ended: number[] = [];
  const until = (about: number) => async (signal: AbortSignal) => {
    await aborted(signal);
    ended.push(about);
  };
  tasks.begin("a", 1, until(1));
  tasks.begin("a", 2, until(2));
  await new Promise((resolve) => setTimeout(resolve));
  deepEqual([ended, tasks.get("a")], [[1], 2]);
  await tasks.stop();
  deepEqual(ended, [1, 2]);
});

Deno.test("what a task throws is told, unless the task was ended before", async () => {
  const told: unknown[] = [];
  const tasks = new NamedTasks<number>((name, error) => told.push(name, error));
  tasks.begin("a", 1, () => Promise.reject("broken"));
  tasks.begin("b", 1, async (signal) => {
    await aborted(signal);
    throw new Error("ended");
  });
  await new Promise((resolve) => setTimeout(resolve));
  tasks.end("b");
  await tasks.stop();
  deepEqual(told, ["a", "broken"]);
});

Deno.test("no task begins after a stop", async () => {
  const tasks = new NamedTasks<number>(() => {});
  await tasks.stop();
  tasks.begin("a", 1, () => Promise.reject(new Error("must not run")));
  equal(tasks.get("a"), undefined);
});
