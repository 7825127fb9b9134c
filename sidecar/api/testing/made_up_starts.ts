import type { LastStart } from "@view-gateway/types";
import type { ViewPhase, ViewState } from "../../view/state.ts";

type Steps = LastStart["steps"];

const COLD: Steps = [
  { step: "no pod", seconds: 0.064 },
  { step: "scheduling", seconds: 0.024 },
  { step: "creating container", seconds: 0.96 },
  { step: "waiting for readiness", seconds: 0.316 },
  { step: "connecting", seconds: 0.007 },
];
const WARM: Steps = [
  { step: "no pod", seconds: 0.031 },
  { step: "assigning", seconds: 0.022 },
  { step: "connecting", seconds: 0.005 },
];
const FAILED: Steps = [
  { step: "no pod", seconds: 1 },
  { step: "scheduling", seconds: 0 },
  { step: "creating container", seconds: 23 },
];

/** Milliseconds that a step of a view takes that wakes in the harness. */
const STEP = 1500;

/** Starts of made-up views. One that wakes goes through all steps of a cold start, and remembers them. */
export class MadeUpStarts {
  readonly #records = new Map<string, LastStart>();
  readonly #put: (name: string, state: ViewState | undefined) => void;

  constructor(put: (name: string, state: ViewState | undefined) => void) {
    this.#put = put;
  }

  lastStart({ name, phase, start }: ViewState): LastStart | undefined {
    const record = this.#records.get(name);
    if (record !== undefined) return grown(record);
    const at = new Date(Date.now() - 300_000).toISOString();
    switch (phase.kind) {
      case "asleep":
        return name === "customers" ? { at, start: "cold", outcome: "awake", steps: COLD } : undefined;
      case "awake":
        return start && { at, start, outcome: "awake", steps: start === "warm" ? WARM : COLD };
      case "failed":
        return { at, start: "cold", outcome: "failed", steps: FAILED };
      case "starting": {
        const begun: LastStart = {
          ...{ at: new Date(Date.now() - 4_000).toISOString(), start: "cold", outcome: "under way" },
          steps: [...COLD.slice(0, 2), { step: "creating container", seconds: 0 }],
        };
        this.#records.set(name, begun);
        return grown(begun);
      }
    }
  }

  async start(state: ViewState): Promise<void> {
    const at = new Date().toISOString();
    const done: LastStart["steps"] = [];
    for (const { step } of COLD) {
      const steps = [...done, { step, seconds: 0 }];
      this.#records.set(state.name, { at, start: "cold", outcome: "under way", steps });
      const phase: ViewPhase = step === "connecting"
        ? { kind: "awake", job: "job-2", serving: [], lease: { startedAt: Date.now(), activeDeadlineSeconds: 900 } }
        : { kind: "starting", job: "job-2", step };
      this.#put(state.name, { ...state, phase, start: "cold" });
      await new Promise((resolve) => setTimeout(resolve, step === "connecting" ? 50 : STEP));
      done.push({ step, seconds: step === "connecting" ? 0.05 : STEP / 1000 });
    }
    this.#records.set(state.name, { at, start: "cold", outcome: "awake", steps: done });
  }
}

/** A start that is under way still does its last step. */
function grown(record: LastStart): LastStart {
  if (record.outcome !== "under way") return record;
  const before = record.steps.slice(0, -1);
  const passed = (Date.now() - Date.parse(record.at)) / 1000 - before.reduce((sum, { seconds }) => sum + seconds, 0);
  return { ...record, steps: [...before, { ...record.steps.at(-1)!, seconds: Math.max(0, passed) }] };
}
