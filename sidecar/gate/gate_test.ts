import { deepEqual, equal } from "node:assert/strict";
import { Quota } from "../async/quota.ts";
import { asleep, awake, denial, failed, start, starting, turn } from "./testing/gate.ts";

Deno.test("given a view that is awake, a request passes at once", async () => {
  const { ask, views, launched } = start();
  views.put("hello", awake());
  deepEqual(await ask(), { kind: "pass", view: "hello" });
  deepEqual(launched, []);
});

Deno.test("given a view that sleeps, a request launches it and passes when it is awake", async () => {
  const { ask, views, launched, gate } = start();
  views.put("hello", asleep());
  const answer = ask();
  await turn();
  equal(gate.held, 1);
  views.put("hello", awake());
  deepEqual(await answer, { kind: "pass", view: "hello" });
  deepEqual(launched, ["hello"]);
  equal(gate.held, 0);
});

Deno.test("whoever probes pods that start is told of each request that waits, and of none that passes", async () => {
  const told: string[] = [];
  const { ask, views, held } = start({ onHeld: (view) => told.push(`${view} ${held.has(view)}`) });
  views.put("hello", starting());
  const answers = [ask(), ask()];
  await turn();
  deepEqual(told, ["hello true", "hello true"]);
  views.put("hello", awake());
  await Promise.all(answers);
  await ask();
  equal(told.length, 2);
});

Deno.test("an awake view whose endpoints Envoy does not know yet is waited for", async () => {
  const { ask, views, envoyKnows } = start();
  envoyKnows(false);
  views.put("hello", awake());
  const answer = ask();
  await turn();
  envoyKnows(true);
  views.put("hello", awake());
  equal((await answer).kind, "pass");
});

Deno.test("a name that no view has is told so, and so is a host that names none", async () => {
  const { ask, gate } = start();
  equal(denial(await ask("nobody")), "unknown view");
  equal(denial(await gate.check(undefined, "elsewhere.example", () => new AbortController().signal)), "unknown view");
});

Deno.test("a view that another gateway has created just now is waited for a moment", async () => {
  const { ask, views } = start({ unknownGrace: 1_000 });
  const answer = ask();
  await turn();
  views.put("hello", awake());
  equal((await answer).kind, "pass");
});

Deno.test("a failure while a request waits is its answer", async () => {
  const { ask, views } = start();
  views.put("hello", asleep());
  const answer = ask();
  await turn();
  views.put("hello", failed());
  equal(denial(await answer), "failed");
});

Deno.test("a view that failed before is launched again", async () => {
  const { ask, views, launched } = start();
  views.put("hello", failed());
  const answer = ask();
  await turn();
  views.put("hello", awake());
  equal((await answer).kind, "pass");
  deepEqual(launched, ["hello"]);
});

Deno.test("a view that is deleted while a request waits is unknown from then on", async () => {
  const { ask, views } = start();
  views.put("hello", starting());
  const answer = ask();
  await turn();
  views.put("hello", undefined);
  equal(denial(await answer), "unknown view");
});

Deno.test("what keeps a launch from being made is told at once", async () => {
  const { ask, views, launchesEnd } = start();
  views.put("hello", asleep());
  launchesEnd({ kind: "failed", cause: { reason: "Forbidden", message: "exceeded quota" } });
  equal(denial(await ask()), "failed");
  launchesEnd({ kind: "unavailable", message: "connection refused" });
  equal(denial(await ask()), "unavailable");
});

Deno.test("one view's crowd does not take another's place", async () => {
  const { ask, views } = start({ held: new Quota({ perView: 2, total: 3 }) });
  views.put("hello", starting());
  views.put("other", starting());
  const crowd = [ask(), ask()];
  await turn();
  const full = (of: string, limit: number, view: string) => ({
    kind: "denied",
    denial: { kind: "too many held", view, full: { of, limit } },
  });
  deepEqual(await ask(), full("view", 2, "hello"));
  const other = ask("other");
  await turn();
  deepEqual(await ask("other"), full("all", 3, "other"));
  views.put("hello", awake());
  views.put("other", awake());
  for (const answer of [...crowd, other]) equal((await answer).kind, "pass");
});

Deno.test("bodies that wait have a limit for each view and for all, and a request without one waits beside them", async () => {
  const { ask, views, gate, bodies } = start({ bodies: new Quota({ perView: 10, total: 15 }) });
  const post = (name: string, cost: number) => ask(name, undefined, undefined, cost);
  const full = (view: string, of: string, limit: number) => ({
    kind: "denied",
    denial: { kind: "too many bytes", view, full: { of, limit } },
  });
  views.put("hello", starting());
  views.put("other", starting());
  const waiting = [post("hello", 6)];
  deepEqual(await post("hello", 5), full("hello", "view", 10));
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

Deno.test("a request that waits too long is told what the view was doing", async () => {
  const { ask, views } = start({ holdSeconds: 0.02 });
  views.put("hello", starting());
  const verdict = await ask();
  equal(verdict.kind === "denied" && verdict.denial.kind === "timeout" && verdict.denial.state?.phase.kind, "starting");
});

Deno.test("a client that hangs up leaves its place", async () => {
  const { ask, views, gate } = start();
  views.put("hello", starting());
  const client = new AbortController();
  const answer = ask("hello", client.signal);
  await turn();
  equal(gate.held, 1);
  client.abort();
  await answer;
  equal(gate.held, 0);
});

Deno.test("a sidecar that stops hands back what it holds", async () => {
  const { ask, views, stopping } = start();
  views.put("hello", starting());
  const answer = ask();
  await turn();
  stopping.abort();
  equal((await answer).kind, "handed back");
});

Deno.test("a sidecar that stops, or its pod, does not call a view unknown that it still waits for", async () => {
  const closing = new AbortController();
  for (
    const { cut, change, verdict } of [
      { cut: (stopping: AbortController) => stopping.abort(), change: {}, verdict: "handed back" },
      { cut: () => closing.abort(), change: { closing: closing.signal }, verdict: "closing" },
    ]
  ) {
    const { ask, gate, held, stopping } = start({ ...change, unknownGrace: 5_000 });
    const answer = ask("nobody");
    await turn();
    deepEqual([gate.held, held.has("nobody")], [1, false]);
    cut(stopping);
    equal(denial(await answer), verdict);
    equal(gate.held, 0);
  }
});

Deno.test("what is still held when the gateway's pod is about to end is sent to another gateway", async () => {
  const closing = new AbortController();
  const { ask, views } = start({ closing: closing.signal });
  views.put("hello", asleep());
  const answer = ask();
  await turn();
  closing.abort();
  equal(denial(await answer), "closing");
});

Deno.test("a request that comes just before its view ends puts the end off, and passes", async () => {
  let ending = true;
  const renewed: string[] = [];
  const { ask, views } = start({
    leases: {
      ending: () => ending,
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

Deno.test("a request that comes too late for that waits for the view's end, and wakes it anew", async () => {
  let ending = true;
  const { ask, views, launched } = start({ leases: { ending: () => ending, renew: () => Promise.resolve() } });
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

Deno.test("a client that would rather be told is told that it has to wait", async () => {
  const { ask, views, launched, gate } = start();
  views.put("hello", asleep());
  const verdict = await ask("hello", undefined, 20);
  equal(verdict.kind === "denied" && verdict.denial.kind === "waiting" && verdict.denial.state?.phase.kind, "starting");
  deepEqual(launched, ["hello"]);
  equal(gate.held, 0);
});

Deno.test("patience does not make a hold longer than it may be", async () => {
  const { ask, views } = start({ holdSeconds: 0.02 });
  views.put("hello", starting());
  equal(denial(await ask("hello", undefined, 5_000)), "timeout");
});

Deno.test("a view that is not tried again yet is told with its cause, and when it is", async () => {
  const { ask, views, launchesEnd } = start();
  views.put("hello", failed());
  const cause = { reason: "ErrImagePull", message: "no such image" };
  launchesEnd({ kind: "paused", cause, seconds: 8 });
  deepEqual(await ask(), { kind: "denied", denial: { kind: "failed", view: "hello", cause, retryAfter: 8 } });
});

Deno.test("a sidecar that has not read all views yet calls none unknown", async () => {
  const { ask } = start({ synced: () => false });
  equal((await ask("nobody")).kind, "handed back");
});

Deno.test("a request that has waited before waits for what is left of its time", async () => {
  const { gate, views } = start({ holdSeconds: 3_600 });
  views.put("hello", starting());
  const check = gate.check("hello", "hello.localhost", () => new AbortController().signal, { waited: 3_599_980 });
  equal(denial(await check), "timeout");
});
