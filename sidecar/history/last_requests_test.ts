import { deepEqual, equal } from "node:assert/strict";
import type { ViewState } from "../view/state.ts";
import { viewState } from "../view/testing/view_state.ts";
import { LastRequests } from "./last_requests.ts";

const START = Date.parse("2026-01-01T00:00:00Z");

/** A view that is awake since 00:00:00, with a lease of so many seconds. */
const awake = (activeDeadlineSeconds: number, startedAt = START): ViewState =>
  viewState({ kind: "awake", job: "job-1", serving: [], lease: { startedAt, activeDeadlineSeconds } });

/** Views sleep after 100 s without traffic. */
function start(limit?: number) {
  const clock = { seconds: 0 };
  const requests = new LastRequests({
    terms: () => ({ idle: 100, lifetime: 1_000 }),
    now: () => START + clock.seconds * 1000,
    ...limit !== undefined && { limit },
  });
  const secondsOf = (view: string) => {
    const at = requests.get(view);
    return at === undefined ? undefined : (at - START) / 1000;
  };
  return { requests, clock, secondsOf };
}

Deno.test("a view's last request is that of this gateway's last load report with traffic", () => {
  const { requests, clock, secondsOf } = start();
  equal(secondsOf("hello"), undefined);
  clock.seconds = 5;
  requests.seen(["hello"]);
  clock.seconds = 10;
  requests.seen(["other"]);
  deepEqual([secondsOf("hello"), secondsOf("other")], [5, 10]);
});

Deno.test("a renewed lease shows traffic at another gateway", () => {
  const { requests, clock, secondsOf } = start();
  requests.changed("hello", awake(100), viewState());
  equal(secondsOf("hello"), undefined, "a new lease says nothing of requests");
  clock.seconds = 60;
  requests.changed("hello", awake(160), awake(100));
  equal(secondsOf("hello"), 60);
  clock.seconds = 70;
  requests.changed("hello", { ...awake(160), resourceVersion: "2" }, awake(160));
  equal(secondsOf("hello"), 60, "another change says nothing");
  requests.changed("hello", awake(900, START + 1_000), awake(160));
  equal(secondsOf("hello"), 60, "nor does another Job");
});

Deno.test("the lease of a view that this gateway has not watched says when it was renewed, but never a time to come", () => {
  const { requests, clock, secondsOf } = start();
  clock.seconds = 250;
  requests.changed("hello", awake(300), undefined);
  equal(secondsOf("hello"), 200);
  const renewedSoon = start();
  renewedSoon.clock.seconds = 150;
  renewedSoon.requests.changed("hello", awake(300), undefined);
  equal(renewedSoon.secondsOf("hello"), 150);
  const never = start();
  never.requests.changed("hello", awake(100), undefined);
  equal(never.secondsOf("hello"), undefined);
});

Deno.test("a time never goes back", () => {
  const { requests, clock, secondsOf } = start();
  clock.seconds = 290;
  requests.seen(["hello"]);
  requests.changed("hello", awake(300), undefined);
  equal(secondsOf("hello"), 290);
});

Deno.test("a view that has fallen asleep keeps its last request; a deleted view, and one of its name, have none", () => {
  const { requests, secondsOf } = start();
  requests.seen(["hello", "other"]);
  requests.changed("hello", viewState(), awake(100));
  equal(secondsOf("hello"), 0);
  requests.changed("hello", undefined, viewState());
  requests.changed("other", viewState(undefined, { uid: "service-2" }), viewState());
  deepEqual([secondsOf("hello"), secondsOf("other")], [undefined, undefined]);
});

Deno.test("the gateway remembers the last requests of a limited number of views", () => {
  const { requests, secondsOf } = start(2);
  requests.seen(["a", "b"]);
  requests.seen(["a", "c"]);
  deepEqual(["a", "b", "c"].map(secondsOf), [0, undefined, 0]);
});
