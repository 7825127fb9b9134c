import { deepEqual, equal } from "node:assert/strict";
import { Quota } from "../async/quota.ts";
import { asleep, awake, denial, failed, startGate, starting, turn } from "./testing/gate.ts";

Deno.test("a request for a view that is awake passes at once", async () => {
  const { ask, views, launched } = startGate();
  views.put("hello", awake());
  deepEqual(await ask(), { kind: "pass", view: "hello" });
  deepEqual(launched, []);
});

Deno.test("a request for a view that sleeps launches it, and passes when the view is awake", async () => {
  const { ask, views, launched, gate } = startGate();
  views.put("hello", asleep());
  const answer = ask();
  await turn();
  equal(gate.held, 1);
  views.put("hello", awake());
  deepEqual(await answer, { kind: "pass", view: "hello" });
  deepEqual(launched, ["hello"]);
  equal(gate.held, 0);
});

Deno.test("the gate reports each request that waits, and none that passes at once", async () => {
  const told: string[] = [];
  const { ask, views, held } = startGate({ onHeld: (view) => told.push(`${view} ${held.has(view)}`) });
  views.put("hello", starting());
  const answers = [ask(), ask()];
  await turn();
  deepEqual(told, ["hello true", "hello true"]);
  views.put("hello", awake());
  await Promise.all(answers);
  await ask();
  equal(told.length, 2);
});

Deno.test("a request for a view that is awake waits until Envoy has ACKed its endpoints", async () => {
  const { ask, views, setAcked } = startGate();
  setAcked(false);
  views.put("hello", awake());
  const answer = ask();
  await turn();
  setAcked(true);
  views.put("hello", awake());
  equal((await answer).kind, "pass");
});

Deno.test("a request for an unknown view is denied, and so is a host that names none", async () => {
  const { ask, gate } = startGate();
  equal(denial(await ask("nobody")), "unknown view");
  equal(
    denial(
      await gate.check({
        view: undefined,
        host: "elsewhere.example",
        disconnected: () => new AbortController().signal,
      }),
    ),
    "unknown view",
  );
});

Deno.test("a request waits a moment for a view that another gateway may have just created", async () => {
  const { ask, views } = startGate({ unknownGrace: 1_000 });
  const answer = ask();
  await turn();
  views.put("hello", awake());
  equal((await answer).kind, "pass");
});

Deno.test("a request that waits when its view fails gets the failure", async () => {
  const { ask, views } = startGate();
  views.put("hello", asleep());
  const answer = ask();
  await turn();
  views.put("hello", failed());
  equal(denial(await answer), "failed");
});

Deno.test("a request passes when its view is awake, though the launch still waits for Kubernetes", async () => {
  const { ask, views } = startGate({ launcher: { launch: () => new Promise(() => {}) } });
  views.put("hello", asleep());
  const answer = ask();
  await turn();
  views.put("hello", awake());
  deepEqual(await answer, { kind: "pass", view: "hello" });
});

Deno.test("a view that failed before is launched again", async () => {
  const { ask, views, launched } = startGate();
  views.put("hello", failed());
  const answer = ask();
  await turn();
  views.put("hello", awake());
  equal((await answer).kind, "pass");
  deepEqual(launched, ["hello"]);
});

Deno.test("a request that waits when its view is deleted gets that the view is unknown", async () => {
  const { ask, views } = startGate();
  views.put("hello", starting());
  const answer = ask();
  await turn();
  views.put("hello", undefined);
  equal(denial(await answer), "unknown view");
});

Deno.test("a launch that cannot be made denies the request at once", async () => {
  const { ask, views, setOutcome } = startGate();
  views.put("hello", asleep());
  setOutcome({ kind: "failed", cause: { reason: "Forbidden", message: "exceeded quota" } });
  equal(denial(await ask()), "failed");
  setOutcome({ kind: "unavailable", message: "connection refused" });
  equal(denial(await ask()), "unavailable");
});

Deno.test("many requests for one view leave room for those for another", async () => {
  const { ask, views } = startGate({ held: new Quota({ each: 2, total: 3 }) });
  views.put("hello", starting());
  views.put("other", starting());
  const crowd = [ask(), ask()];
  await turn();
  const full = (of: string, limit: number, view: string) => ({
    kind: "denied",
    denial: { kind: "too many held", view, full: { of, limit } },
  });
  deepEqual(await ask(), full("one", 2, "hello"));
  const other = ask("other");
  await turn();
  deepEqual(await ask("other"), full("all", 3, "other"));
  views.put("hello", awake());
  views.put("other", awake());
  for (const answer of [...crowd, other]) equal((await answer).kind, "pass");
});

Deno.test("the bodies of waiting requests have a limit per view and in total; a request without a body waits beside them", async () => {
  const { ask, views, gate, bodies } = startGate({ bodies: new Quota({ each: 10, total: 15 }) });
  const post = (name: string, cost: number) => ask(name, undefined, undefined, cost);
  const full = (view: string, of: string, limit: number) => ({
    kind: "denied",
    denial: { kind: "too many bytes", view, full: { of, limit } },
  });
  views.put("hello", starting());
  views.put("other", starting());
  const waiting = [post("hello", 6)];
  deepEqual(await post("hello", 5), full("hello", "one", 10));
  waiting.push(post("hello", 4), post("other", 5), post("hello", 0));
  deepEqual(await post("other", 1), full("other", "all", 15));
  await turn();
  deepEqual([gate.held, bodies.used], [4, 15]);
  views.put("hello", awake());
  views.put("other", awake());
  for (const answer of waiting) equal((await answer).kind, "pass");
  deepEqual([gate.held, bodies.used], [0, 0]);
  // What does not wait needs no room.
  equal((await post("hello", 1_000)).kind, "pass");
});

Deno.test("a request that waits too long gets the phase of its view", async () => {
  const { ask, views } = startGate({ holdSeconds: 0.02 });
  views.put("hello", starting());
  const verdict = await ask();
  equal(verdict.kind === "denied" && verdict.denial.kind === "timeout" && verdict.denial.state?.phase.kind, "starting");
});

Deno.test("a client that disconnects gives its place back", async () => {
  const { ask, views, gate } = startGate();
  views.put("hello", starting());
  const client = new AbortController();
  const answer = ask("hello", client.signal);
  await turn();
  equal(gate.held, 1);
  client.abort();
  await answer;
  equal(gate.held, 0);
});

Deno.test("a sidecar that stops hands its requests back", async () => {
  const { ask, views, stopping } = startGate();
  views.put("hello", starting());
  const answer = ask();
  await turn();
  stopping.abort();
  equal((await answer).kind, "handed back");
});

Deno.test("a request that still waits for an unknown view is handed back by a sidecar that stops, and denied by a pod that ends", async () => {
  const closing = new AbortController();
  for (
    const { cut, change, verdict } of [
      { cut: (stopping: AbortController) => stopping.abort(), change: {}, verdict: "handed back" },
      { cut: () => closing.abort(), change: { closing: closing.signal }, verdict: "closing" },
    ]
  ) {
    const { ask, gate, held, stopping } = startGate({ ...change, unknownGrace: 5_000 });
    const answer = ask("nobody");
    await turn();
    deepEqual([gate.held, held.has("nobody")], [1, false]);
    cut(stopping);
    equal(denial(await answer), verdict);
    equal(gate.held, 0);
  }
});

Deno.test("when the gateway's pod is about to end, waiting requests are denied, so that clients try another gateway", async () => {
  const closing = new AbortController();
  const { ask, views } = startGate({ closing: closing.signal });
  views.put("hello", asleep());
  const answer = ask();
  await turn();
  closing.abort();
  equal(denial(await answer), "closing");
});

Deno.test("a request just before the end of its view extends the lease, and passes", async () => {
  let ending = true;
  const renewed: string[] = [];
  const { ask, views } = startGate({
    leases: {
      isEnding: () => ending,
      renew: ({ name }) => {
        renewed.push(name);
        ending = false;
        return Promise.resolve();
      },
    },
  });
  views.put("hello", awake());
  deepEqual(await ask(), { kind: "pass", view: "hello" });
  deepEqual(renewed, ["hello"]);
});

Deno.test("a request that comes too late to extend the lease waits for the view's end, and launches the view again", async () => {
  let ending = true;
  const { ask, views, launched } = startGate({ leases: { isEnding: () => ending, renew: () => Promise.resolve() } });
  views.put("hello", awake());
  const answer = ask();
  await turn();
  deepEqual(launched, []);
  ending = false;
  views.put("hello", asleep());
  await turn();
  deepEqual(launched, ["hello"]);
  views.put("hello", awake());
  deepEqual(await answer, { kind: "pass", view: "hello" });
});

Deno.test("a client with little patience gets that the view is starting", async () => {
  const { ask, views, launched, gate } = startGate();
  views.put("hello", asleep());
  const verdict = await ask("hello", undefined, 20);
  equal(verdict.kind === "denied" && verdict.denial.kind === "waiting" && verdict.denial.state?.phase.kind, "starting");
  deepEqual(launched, ["hello"]);
  equal(gate.held, 0);
});

Deno.test("patience does not extend the hold", async () => {
  const { ask, views } = startGate({ holdSeconds: 0.02 });
  views.put("hello", starting());
  equal(denial(await ask("hello", undefined, 5_000)), "timeout");
});

Deno.test("a request for a view whose retry is paused gets the cause, and when to retry", async () => {
  const { ask, views, setOutcome } = startGate();
  views.put("hello", failed());
  const cause = { reason: "ErrImagePull", message: "no such image" };
  setOutcome({ kind: "paused", cause, seconds: 8 });
  deepEqual(await ask(), { kind: "denied", denial: { kind: "failed", view: "hello", cause, retryAfter: 8 } });
});

Deno.test("before the snapshot is complete, no view is called unknown", async () => {
  const { ask } = startGate({ synced: () => false });
  equal((await ask("nobody")).kind, "handed back");
});

Deno.test("a request that has waited before waits for the rest of its time only", async () => {
  const { gate, views } = startGate({ holdSeconds: 3_600 });
  views.put("hello", starting());
  const check = gate.check({
    view: "hello",
    host: "hello.localhost",
    disconnected: () => new AbortController().signal,
    waited: 3_599_980,
  });
  equal(denial(await check), "timeout");
});
