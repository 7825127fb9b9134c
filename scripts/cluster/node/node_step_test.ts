import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { NodeState } from "./node_kind.ts";
import { nodeStep } from "./node_step.ts";

const cluster = { kubeconfig: "/k", insideKubeconfig: "/k" };
const k3d: NodeState = { kind: "k3d", cluster };
const own: NodeState = { kind: "own", cluster };

Deno.test("a node that is up is kept", () => {
  for (const state of [k3d, own]) {
    equal(nodeStep(state, [], {}).do, "keep");
    equal(nodeStep(state, [], {}, state.kind).do, "keep");
    equal(nodeStep({ ...state, restartBackoff: "1s" }, [], {}).do, "keep");
    equal(nodeStep({ ...state, restartBackoff: "1s" }, [], { restartBackoff: "1s" }).do, "keep");
  }
});

Deno.test("where there is none, or one that failed to start, it is started", () => {
  equal(nodeStep(undefined, [], { restartBackoff: "1s" }, "own").do, "start");
  equal(nodeStep({ kind: "k3d" }, [], {}, "own").do, "start");
});

Deno.test("what has stopped of it is started again", () => {
  for (const state of [k3d, own]) equal(nodeStep(state, ["an API server that answers"], {}).do, "revive");
});

Deno.test("a k3d cluster that is up is not stopped for a command that needs the project's own node", () => {
  for (const missing of [[], ["an API server that answers"]]) {
    const step = nodeStep(k3d, missing, { restartBackoff: "1s" }, "own");
    ok(step.do === "refuse");
    match(step.reason, /up by k3d, and this needs the project's own way/);
  }
});

Deno.test("another pause before restarts is set where that takes nothing away", () => {
  deepEqual(nodeStep(own, [], { restartBackoff: "1s" }), { do: "set-restart-backoff", duration: "1s" });
  equal(nodeStep(k3d, [], { restartBackoff: "1s" }).do, "refuse");
});
