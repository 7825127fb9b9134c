import { equal } from "node:assert/strict";
import { systemTime } from "../async/time.ts";
import { Reflector, SILENCE_LIMIT } from "./watch/reflector.ts";
import { jobs } from "./watch/watched_resource.ts";

/** The timeoutSeconds of a watch, for this random number. */
async function timeoutSeconds(random: number): Promise<number> {
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
        return Promise.reject(new Error("one watch is enough"));
      },
    },
    resource: jobs,
    namespace: "views",
    selector: "view.yolean.se/name",
    prober: { onSilence: () => () => undefined },
    onChange: () => undefined,
    onProblem: () => undefined,
    time: { ...systemTime, random: () => random },
  });
  await reflector.run(stop.signal);
  return seconds;
}

Deno.test("a watch is stale only after its longest duration and the grace time", async () => {
  const grace = 10;
  equal(await timeoutSeconds(1 - 2 ** -52) + grace, SILENCE_LIMIT);
  equal(await timeoutSeconds(0) + grace < SILENCE_LIMIT, true);
});

Deno.test("the documented limit of silence is right, and its alert comes later", async () => {
  const read = (path: string) => Deno.readTextFile(new URL(`../../${path}`, import.meta.url));
  const metrics = await read("docs/METRICS.md");
  equal(metrics.includes(`A healthy one says something within ${SILENCE_LIMIT} s`), true);
  const rules = await read("gateway/components/alerts/rules.yaml");
  equal(Number(/view_gateway_watch_age_seconds\{[^}]*\}\) > ([0-9]+)/.exec(rules)?.[1]) > SILENCE_LIMIT, true);
});
