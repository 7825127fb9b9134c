import { deepEqual, equal } from "node:assert/strict";
import { Prober } from "./prober.ts";

/** A prober whose probes have these results, and whose clock advances by one at each reading. */
async function probe(answers: readonly boolean[]) {
  const stop = new AbortController();
  const silences: number[] = [];
  const reachable: (boolean | undefined)[] = [];
  let time = 0;
  const left = [...answers];
  const prober: Prober = new Prober({
    probe: () => {
      reachable.push(prober.reachable);
      const answer = left.shift();
      if (answer === undefined) stop.abort();
      return answer ? Promise.resolve() : Promise.reject(new Error("no answer"));
    },
    time: { clock: () => ++time, pause: () => Promise.resolve() },
  });
  const end = prober.onSilence((since) => silences.push(since));
  await prober.run(stop.signal);
  end();
  return { prober, silences, reachable };
}

Deno.test("reachable is the last probe's result, and undefined before the first", async () => {
  deepEqual((await probe([true, false, true])).reachable, [undefined, true, false, true]);
});

Deno.test("each probe without a response is reported with the time at which it began", async () => {
  const { silences, prober } = await probe([true, false, false, true]);
  // The clock is read when a probe begins, and again when it gets a response.
  deepEqual(silences, [3, 4]);
  equal(prober.lastHeardAt, 6);
});

Deno.test("an aborted probe is no silence", async () => {
  deepEqual((await probe([])).silences, []);
});
