import { deepEqual, equal } from "node:assert/strict";
import type { Opening } from "../access/opening.ts";
import { Quota } from "../async/quota.ts";
import type { ViewState } from "../view/state.ts";
import { viewState } from "../view/testing/view_state.ts";
import type { GatedRequest } from "./gate.ts";
import { asleep, awake, denial, startGate, turn } from "./testing/gate.ts";

const DENIED: Opening = { kind: "denied", denial: { kind: "sign-in", view: "hello" } };
const OPEN: Opening = { kind: "open", identity: undefined, cookie: undefined, withoutAuthorization: false };

/** A request that may open what this says. */
function request(opens: GatedRequest["opens"], gone = new AbortController().signal): GatedRequest {
  return { view: "hello", host: "hello.localhost", disconnected: () => gone, ...opens && { opens } };
}

const asking = (...answers: Opening[]) => {
  const asked: (ViewState | undefined)[] = [];
  const opens: GatedRequest["opens"] = (view) => {
    asked.push(view);
    return Promise.resolve(answers[Math.min(asked.length, answers.length) - 1]!);
  };
  return { asked, opens };
};

Deno.test("a request without the right to open does not wake a view, wait for it or use up its quota", async () => {
  const held = new Quota({ each: 0, total: 0 });
  const { gate, views, launched } = startGate({ held });
  views.put("hello", asleep());
  equal(denial(await gate.check(request(asking(DENIED).opens))), "sign-in");
  deepEqual([launched, gate.held], [[], 0]);
  equal(denial(await gate.check(request(asking(OPEN).opens))), "too many held");
});

Deno.test("a request without the right to open gets no answer from a view, awake, failed or none", async () => {
  const { gate, views } = startGate();
  equal(denial(await gate.check(request(asking(DENIED).opens))), "sign-in");
  const cause = { reason: "ErrImagePull", message: "no such image" };
  for (const state of [awake(), viewState({ kind: "failed", job: "job-1", cause })]) {
    views.put("hello", state);
    equal(denial(await gate.check(request(asking(DENIED).opens))), "sign-in");
  }
});

Deno.test("a request that passes says how it opens its view", async () => {
  const { gate, views } = startGate();
  views.put("hello", awake());
  deepEqual(await gate.check(request(asking(OPEN).opens)), { kind: "pass", view: "hello", opening: OPEN });
  deepEqual(await gate.check(request(undefined)), { kind: "pass", view: "hello" });
});

Deno.test("a view that changes while a request waits is asked about again before the request passes", async () => {
  const { gate, views } = startGate();
  views.put("hello", asleep());
  const { asked, opens } = asking(OPEN, DENIED);
  const answer = gate.check(request(opens));
  await turn();
  views.put("hello", { ...awake(), uid: "service-2" });
  equal(denial(await answer), "sign-in");
  deepEqual(asked.map((view) => view?.uid), ["service-1", "service-2"]);
});

Deno.test("a view that only wakes is asked about once", async () => {
  const { gate, views } = startGate();
  views.put("hello", asleep());
  const { asked, opens } = asking(OPEN);
  const answer = gate.check(request(opens));
  await turn();
  views.put("hello", awake());
  equal(denial(await answer), "pass");
  equal(asked.length, 1);
});

Deno.test("a view that appears while somebody waits for it is asked about too", async () => {
  const { gate, views } = startGate({ unknownGrace: 1_000 });
  const { asked, opens } = asking(OPEN, DENIED);
  const answer = gate.check(request(opens));
  await turn();
  views.put("hello", awake());
  equal(denial(await answer), "sign-in");
  deepEqual(asked.map((view) => view?.name), [undefined, "hello"]);
});

Deno.test("before the first sync nobody has to sign in: the view may be public", async () => {
  let synced = false;
  const { gate, views } = startGate({ synced: () => synced });
  const answer = gate.check(request(asking(DENIED).opens));
  synced = true;
  equal(denial(await answer), "handed back");
  views.put("hello", awake());
  equal(denial(await gate.check(request(asking(OPEN).opens))), "pass");
});

Deno.test("a question that fails with its client's leave is handed back, and one that fails by itself is a fault", async () => {
  const { gate, views, faults } = startGate();
  views.put("hello", awake());
  const fails = () => Promise.reject(new Error("broken"));
  equal(denial(await gate.check(request(fails, AbortSignal.abort()))), "handed back");
  equal(denial(await gate.check(request(fails))), "fault");
  equal(faults.length, 1);
});
