import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import { failure, type Progress } from "../../page/progress.ts";
import { eventOf, progressEvents } from "./progress_stream.ts";

const TIMING = { heartbeat: 1_000, retry: 500 };

Deno.test("an event has the whole cause, whatever it says", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 60 }),
    fc.array(fc.constantFrom("\n", "\r", "\0", "\u2028", "data:", "event: open", '"', "\\"), { maxLength: 8 })
      .map((parts) => parts.join("")),
  );
  fc.assert(fc.property(text, text, (reason, message) => {
    const [event, data, ...rest] = eventOf(failure("hello", { reason, message })).split(/\r\n|\r|\n/);
    equal(event, "event: progress");
    deepEqual(rest, ["", ""]);
    const read: Progress = JSON.parse(data!.slice("data: ".length));
    deepEqual(read.cause, { reason, message });
  }));
});

Deno.test("a stream does not repeat progress that has not changed", async () => {
  const states = ["a", "a", "b", "b", "c"].map((title, i) => ({
    ...failure("hello", { reason: "Error", message: "" }),
    title,
    goesOn: i < 4,
  }));
  let at = 0;
  const source = {
    current: () => states[at]!,
    isOver: () => false,
    changed: () => {
      at++;
      return Promise.resolve();
    },
  };
  const told: string[] = [];
  for await (const event of progressEvents(source, new AbortController().signal, TIMING)) {
    const title = /"title":"(.)"/.exec(event)?.[1];
    if (title !== undefined) told.push(title);
  }
  deepEqual(told, ["a", "b", "c"]);
});
