import { deepEqual, equal } from "node:assert/strict";
import { viewState } from "../view/testing/view_state.ts";
import type { Denial } from "./denial.ts";
import { denialHeader, denialOf } from "./denial_header.ts";

const TOKEN = "c2VjcmV0";
const state = viewState({ kind: "starting", job: "job-1", step: "no pod" });
const views = { get: (name: string) => name === "hello" ? state : undefined };
const again = (denial: Denial) => denialOf(denialHeader(denial, TOKEN), TOKEN, views)?.denial;

Deno.test("a denial passes through a header unchanged, with any characters", () => {
  for (const message of ["no", 'a "b"\r\nSet-Cookie: c', "ärger ☃ 𝄞", ""]) {
    const denial: Denial = { kind: "failed", view: "hello", cause: { reason: "Error", message }, retryAfter: 2 };
    deepEqual(again(denial), denial);
    equal(/^[A-Za-z0-9._-]+$/.test(denialHeader(denial, TOKEN)), true);
  }
});

Deno.test("the view's state is read when the sidecar answers", () => {
  deepEqual(again({ kind: "waiting", view: "hello", state: undefined }), { kind: "waiting", view: "hello", state });
  deepEqual(again({ kind: "timeout", view: "gone", seconds: 9, state }), {
    kind: "timeout",
    view: "gone",
    seconds: 9,
    state: undefined,
  });
});

Deno.test("a long cause is cut to fit into a header", () => {
  const message = "x".repeat(100_000);
  const header = denialHeader(
    { kind: "invalid spec", view: "hello", cause: { reason: "InvalidSpec", message } },
    TOKEN,
  );
  equal(header.length < 4_000, true);
});

Deno.test("a header without the gate's token is ignored", () => {
  const made = denialHeader({ kind: "closing", view: "hello" }, TOKEN);
  for (const header of [null, "", TOKEN, made.slice(TOKEN.length), `x${made}`, made.toLowerCase()]) {
    equal(denialOf(header, TOKEN, views), undefined, String(header));
  }
});
