import { deepEqual } from "node:assert/strict";
import { LineProcess } from "./line_process.ts";

Deno.test("lines come one by one, and later ones to a listener", async () => {
  const { signal } = new AbortController();
  await using process = new LineProcess("sh", ["-c", "echo first; echo second; read x; echo $x; echo last"]);
  deepEqual(await process.line(signal), "first");
  const heard: string[] = [];
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  process.listen((line) => {
    heard.push(line);
    if (line === "last") end();
  });
  await process.say("third");
  await ended;
  deepEqual(heard, ["second", "third", "last"]);
});
