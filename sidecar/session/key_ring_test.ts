import { deepEqual, equal } from "node:assert/strict";
import { LEAD, MAX_SESSION_SECONDS, ringStep, ROTATION, signingKey } from "./key_ring.ts";

const DAY = 86_400;
const key = (id: string, madeAt: number) => ({ id, madeAt });

Deno.test("the first key signs at once: there is no other", () => {
  equal(signingKey([key("a", 1_000)], 1_000).id, "a");
});

Deno.test("a new key signs only when every gateway and every Envoy knows it", () => {
  const keys = [key("b", 10_000), key("a", 0)];
  equal(signingKey(keys, 10_000).id, "a");
  equal(signingKey(keys, 10_000 + LEAD - 1).id, "a");
  equal(signingKey(keys, 10_000 + LEAD).id, "b");
});

Deno.test("a key is old enough after two weeks, and not before", () => {
  deepEqual(ringStep([key("a", 0)], ROTATION - 1), { kind: "rest", until: ROTATION });
  deepEqual(ringStep([key("a", 0)], ROTATION), { kind: "write", keep: [key("a", 0)], adds: true });
});

Deno.test("an old key stays until its last cookie is past, and then goes", () => {
  const keys = [key("b", ROTATION), key("a", 0)];
  const end = ROTATION + LEAD + MAX_SESSION_SECONDS + DAY;
  deepEqual(ringStep(keys, end - 1), { kind: "rest", until: end });
  deepEqual(ringStep(keys, end), { kind: "write", keep: [key("b", ROTATION)], adds: false });
});

Deno.test("there are never more than two keys", () => {
  let keys = [key("0", 0)];
  for (let now = 0; now < 200 * DAY; now += 3_000) {
    const step = ringStep(keys, now);
    if (step.kind === "write") keys = [...step.adds ? [key(String(now), now)] : [], ...step.keep];
    equal(keys.length <= 2, true);
  }
});
