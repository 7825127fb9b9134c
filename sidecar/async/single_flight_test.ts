import { deepEqual, equal, rejects } from "node:assert/strict";
import { SingleFlight } from "./single_flight.ts";

Deno.test("all who ask for one key while its task runs share the task's outcome", async () => {
  const flights = new SingleFlight<string>();
  const started: string[] = [];
  const { promise, resolve } = Promise.withResolvers<string>();
  const run = (key: string) => flights.run(key, () => (started.push(key), promise));
  const outcomes = [run("a"), run("a"), run("b")];
  deepEqual([started, flights.size], [["a", "b"], 2]);
  resolve("done");
  deepEqual(await Promise.all(outcomes), ["done", "done", "done"]);
  equal(flights.size, 0);
});

Deno.test("the end of a task is reported once, when the next can start", async () => {
  const flights = new SingleFlight<number>();
  const ends: number[] = [];
  const onEnd = (value: number) => {
    ends.push(value);
    if (value === 1) void flights.run("a", () => Promise.resolve(2), onEnd);
  };
  const task = () => Promise.resolve(1);
  await Promise.all([flights.run("a", task, onEnd), flights.run("a", task, onEnd)]);
  await flights.idle();
  deepEqual(ends, [1, 2]);
});

Deno.test("a task that fails fails for all who share it, and the next one starts", async () => {
  const flights = new SingleFlight<number>();
  const failing = () => Promise.reject(new Error("refused"));
  const outcomes = [flights.run("a", failing), flights.run("a", failing)];
  for (const outcome of outcomes) await rejects(outcome, /refused/);
  equal(await flights.run("a", () => Promise.resolve(1)), 1);
});

Deno.test("it is idle once every task has ended, well or not", async () => {
  const flights = new SingleFlight<number>();
  const { promise, resolve } = Promise.withResolvers<number>();
  const failed = flights.run("b", () => Promise.reject(new Error("refused")));
  failed.catch(() => {});
  void flights.run("a", () => promise);
  let idle = false;
  const waiting = flights.idle().then(() => idle = true);
  await new Promise((resolve) => setTimeout(resolve));
  equal(idle, false);
  resolve(1);
  await waiting;
  deepEqual([idle, flights.size], [true, 0]);
});
