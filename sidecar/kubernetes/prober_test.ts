import { deepEqual, equal } from "node:assert/strict";
import { Prober } from "./prober.ts";

/** A prober whose probes come out as given, one after the other; its clock goes on by one at each look. */
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

Deno.test("an API server is reachable as the last probe says, and nothing is known before the first", async () => {
  deepEqual((await probe([true, false, true])).reachable, [undefined, true, false, true]);
});

Deno.test("each probe without an answer is told, with the time at which it began", async () => {
  const { silences, prober } = await probe([true, false, false, true]);
  // A look when each begins, one more when it is answered.
  deepEqual(silences, [3, 4]);
  equal(prober.lastHeardAt, 6);
});

Deno.test("a probe that the stop cuts off is no silence", async () => {
  deepEqual((await probe([])).silences, []);
});
