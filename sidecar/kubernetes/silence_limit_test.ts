import { equal } from "node:assert/strict";
import { systemTime } from "../async/time.ts";
import { Reflector, SILENCE_LIMIT } from "./watch/reflector.ts";
import { jobs } from "./watch/watched_resource.ts";

/** Seconds for which the API server is asked to keep a watch, where the spread is as given. */
async function asked(spread: number): Promise<number> {
  const stop = new AbortController();
  let seconds = NaN;
  const reflector = new Reflector({
    transport: {
      call: () =>
        Promise.resolve({
          status: 200,
          headers: new Headers(),
          text: '{"metadata":{"resourceVersion":"1"},"items":[]}',
        }),
      watch: (path: string) => {
        seconds = Number(new URLSearchParams(path.split("?")[1]).get("timeoutSeconds"));
        stop.abort();
        return Promise.reject(new Error("no more is asked"));
      },
    },
    resource: jobs,
    namespace: "views",
    selector: "view.yolean.se/name",
    prober: { onSilence: () => () => undefined },
    onChange: () => undefined,
    onProblem: () => undefined,
    time: { ...systemTime, random: () => spread },
  });
  await reflector.run(stop.signal);
  return seconds;
}

Deno.test("a watch is called stale only when the longest that is asked for, and its grace, have passed", async () => {
  const grace = 10;
  equal(await asked(1 - 2 ** -52) + grace, SILENCE_LIMIT);
  equal(await asked(0) + grace < SILENCE_LIMIT, true);
});

Deno.test("what the manual says of a healthy watch is so, and the alert that it gives comes later", async () => {
  const manual = await Deno.readTextFile(new URL("../../docs/OPERATIONS.md", import.meta.url));
  equal(manual.includes(`a healthy one says something within ${SILENCE_LIMIT} s`), true);
  equal(Number(/view_gateway_watch_age_seconds > ([0-9]+)/.exec(manual)?.[1]) > SILENCE_LIMIT, true);
});
