import { deepEqual, equal } from "node:assert/strict";
import { getEventListeners } from "node:events";
import { aborted } from "./aborted.ts";
import { Deadline } from "./deadline.ts";

const reason = new Error("enough");
const listeners = (...signals: AbortSignal[]) => signals.map((signal) => getEventListeners(signal, "abort").length);

Deno.test("it aborts with the first parent that aborts, with its reason", () => {
  const [one, other] = [new AbortController(), new AbortController()];
  using deadline = new Deadline([one.signal, other.signal]);
  equal(deadline.signal.aborted, false);
  other.abort(reason);
  deepEqual([deadline.signal.reason, deadline.passed], [reason, false]);
  one.abort(new Error("late"));
  equal(deadline.signal.reason, reason);
});

Deno.test("it is aborted from the start if a parent is", () => {
  using deadline = new Deadline([new AbortController().signal, AbortSignal.abort(reason)], 1_000);
  equal(deadline.signal.reason, reason);
});

Deno.test("it aborts when its time has passed, and has passed then", async () => {
  using deadline = new Deadline(new AbortController().signal, 1);
  await aborted(deadline.signal);
  deepEqual([deadline.passed, deadline.signal.reason.name], [true, "TimeoutError"]);
});

Deno.test("its time can be extended and shortened", async () => {
  using put = new Deadline(new AbortController().signal, 1);
  put.extend(3_600_000);
  using forward = new Deadline(new AbortController().signal, 3_600_000);
  forward.extend(1);
  await aborted(forward.signal);
  equal(put.signal.aborted, false);
});

Deno.test("after disposal its parents keep no listener", () => {
  const [one, other] = [new AbortController(), new AbortController()];
  {
    using _deadline = new Deadline([one.signal, other.signal], 1_000);
    deepEqual(listeners(one.signal, other.signal), [1, 1]);
  }
  deepEqual(listeners(one.signal, other.signal), [0, 0]);
});

Deno.test("nothing in the sidecar combines signals in another way", async () => {
  const root = new URL("../", import.meta.url);
  for (const file of await Array.fromAsync(sources(root))) {
    const text = await Deno.readTextFile(file);
    // The name in a comment is not followed by a parenthesis.
    equal(/AbortSignal\.any\(/.test(text), false, `${file.pathname} calls AbortSignal.any`);
  }
});

/** What runs in Deno. The console's files run in browsers, which forget combined signals that nobody listens to. */
async function* sources(directory: URL): AsyncGenerator<URL> {
  for await (const { name, isDirectory } of Deno.readDir(directory)) {
    if (isDirectory && !["gen", "testing", "console"].includes(name)) yield* sources(new URL(`${name}/`, directory));
    else if (/(?<!_test)\.ts$/.test(name)) yield new URL(name, directory);
  }
}
