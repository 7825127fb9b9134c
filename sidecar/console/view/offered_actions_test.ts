import { deepEqual, equal } from "node:assert/strict";
import type { ViewResource } from "@view-gateway/types";
import { actionsFor } from "./offered_actions.ts";

const view: ViewResource = {
  name: "sales",
  route: { hostname: "sales.localhost", url: "http://sales.localhost/" },
  phase: "asleep",
  effective: { idleSeconds: 900, maxLifetimeSeconds: 86_400 },
  createdAt: "2026-01-01T00:00:00Z",
};
const all = { see: true, open: true, change: true, delete: true };
const none = { see: false, open: false, change: false, delete: false };

Deno.test("each phase makes some actions possible, and the others stay in their places", () => {
  const possible = (phase: ViewResource["phase"]) =>
    actionsFor({ view: { ...view, phase }, may: all }).jobActions.map(({ label, isPossible }) =>
      `${label} ${isPossible}`
    );
  deepEqual(possible("asleep"), ["Wake true", "Sleep false", "Restart false"]);
  deepEqual(possible("starting"), ["Wake false", "Sleep true", "Restart true"]);
  deepEqual(possible("awake"), ["Wake false", "Sleep true", "Restart true"]);
  deepEqual(possible("failed"), ["Wake true", "Sleep true", "Restart false"]);
});

Deno.test("nobody is offered what they may not do", () => {
  deepEqual(actionsFor({ view, may: none }), { open: false, jobActions: [], edit: false, delete: false });
  const opens = actionsFor({ view, may: { ...none, open: true } });
  deepEqual([opens.open, opens.jobActions.map(({ action }) => action), opens.edit], [true, ["wake"], false]);
  equal(actionsFor({ view, may: { ...none, delete: true } }).delete, true);
});

Deno.test("a view without a valid spec can be put to sleep and deleted, but not edited", () => {
  const { effective: _, ...invalid } = view;
  const { edit, delete: remove } = actionsFor({ view: { ...invalid, phase: "failed" }, may: all });
  deepEqual([edit, remove], [false, true]);
});
