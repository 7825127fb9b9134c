import { deepEqual, equal } from "node:assert/strict";
import { inTurns } from "./in_turns.ts";

Deno.test("two are measured in turns, and take turns in being first", async () => {
  let order = "";
  const measure = (who: string) => (round: number) => {
    order += who;
    return Promise.resolve(`${who}${round}`);
  };
  deepEqual(await inTurns(3, measure("a"), measure("b")), { ours: ["a0", "a1", "a2"], peers: ["b0", "b1", "b2"] });
  equal(order, "abbaab");
});
