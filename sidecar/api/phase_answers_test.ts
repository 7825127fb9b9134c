import { deepEqual, equal } from "node:assert/strict";
import type { ViewPhase } from "../view/state.ts";
import { viewState } from "../view/testing/view_state.ts";
import { phaseAnswers } from "./phase_answers.ts";

const view = (name: string, phase: ViewPhase) => viewState(phase, { name });
const views = new Map([
  view("sleeper", { kind: "asleep", ended: undefined }),
  view("broken", { kind: "failed", job: "job-1", cause: { reason: "OOMKilled", message: "out of memory" } }),
].map((state) => [state.name, state]));
const handler = phaseAnswers({ views, baseHost: "localhost" }, () => new Response("next"));
const ask = async (host: string, path = "/healthz") => {
  const response = await handler(new Request(`http://sidecar${path}`, { headers: { host } }));
  return { status: response.status, text: await response.text() };
};

Deno.test("a probe of a sleeping view gets that it is asleep", async () => {
  deepEqual(await ask("Sleeper.localhost:8080"), { status: 200, text: '{"name":"sleeper","phase":"asleep"}' });
});

Deno.test("a probe of a failed view gets the cause, and one of an unknown view gets 404", async () => {
  const { status, text } = await ask("broken.localhost");
  equal(status, 503);
  equal(JSON.parse(text).reason, "OOMKilled");
  equal((await ask("unknown.localhost")).status, 404);
  equal((await ask("a.b.localhost")).status, 404);
});

Deno.test("requests to the base host or below /_gate/ get no phase", async () => {
  for (const host of ["localhost", "LOCALHOST:8080", "localhost."]) equal((await ask(host, "/")).text, "next");
  equal((await ask("sleeper.localhost", "/_gate/progress")).text, "next");
});
