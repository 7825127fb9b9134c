import { deepEqual, equal } from "node:assert/strict";
import { PassedRequests } from "./passed_requests.ts";

Deno.test("a request that comes back is known by the time when it arrived first", () => {
  const requests = new PassedRequests(1_000);
  equal(requests.arrivedAt("a"), undefined);
  requests.record("a", 5, 10);
  requests.record("b", 20, 20);
  requests.record("a", 5, 30);
  deepEqual([requests.arrivedAt("a"), requests.arrivedAt("b")], [5, 20]);
});

Deno.test("a request that does not come back is forgotten after a time", () => {
  const requests = new PassedRequests(1_000);
  requests.record("a", 0, 0);
  requests.record("b", 1, 1);
  // It has come back meanwhile, and is kept.
  requests.record("a", 0, 500);
  requests.record("c", 1_001, 1_001);
  deepEqual(["a", "b", "c"].map((id) => requests.arrivedAt(id)), [0, undefined, 1_001]);
});

Deno.test("above the limit, the oldest requests are forgotten", () => {
  const requests = new PassedRequests(1_000);
  for (let i = 0; i <= 10_000; i++) requests.record(String(i), i / 100, i / 100);
  deepEqual([requests.arrivedAt("0"), requests.arrivedAt("1")], [undefined, 0.01]);
});
