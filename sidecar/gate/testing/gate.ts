import { Quota } from "../../async/quota.ts";
import type { ViewState } from "../../view/state.ts";
import { viewState } from "../../view/testing/view_state.ts";
import type { Views } from "../../view/views.ts";
import { Gate, type GateOptions, type Verdict } from "../gate.ts";
import type { LaunchOutcome } from "../../launch/launcher.ts";

export const asleep = () => viewState();
export const starting = () => viewState({ kind: "starting", job: "job-1", step: "scheduling" });
export const awake = () => viewState({ kind: "awake", job: "job-1", serving: [{ address: "10.0.0.1", port: 8080 }] });
export const failed = () =>
  viewState({ kind: "failed", job: "job-1", cause: { reason: "ErrImagePull", message: "no such image" } });

/** Views whose states a test sets one at a time. */
class FakeViews implements Views {
  readonly #states = new Map<string, ViewState>();
  readonly #listeners = new Set<() => void>();

  get(name: string): ViewState | undefined {
    return this.#states.get(name);
  }

  put(name: string, state: ViewState | undefined): void {
    if (state === undefined) this.#states.delete(name);
    else this.#states.set(name, state);
    for (const listener of [...this.#listeners]) listener();
  }

  until(name: string, fits: (state: ViewState | undefined) => boolean, signal: AbortSignal) {
    return new Promise<ViewState | undefined>((resolve, reject) => {
      const look = () => fits(this.get(name)) && settle(() => resolve(this.get(name)));
      const abort = () => settle(() => reject(signal.reason));
      const settle = (act: () => void) => {
        this.#listeners.delete(look);
        signal.removeEventListener("abort", abort);
        act();
      };
      this.#listeners.add(look);
      signal.addEventListener("abort", abort);
      if (signal.aborted) abort();
      else look();
    });
  }
}

const LIMITS = { each: 100, total: 100 };

export function startGate(change: Partial<GateOptions> = {}) {
  const views = new FakeViews();
  const launched: string[] = [];
  const faults: unknown[] = [];
  const stopping = new AbortController();
  const { held = new Quota(LIMITS), bodies = new Quota(LIMITS) } = change;
  let acked = true;
  let outcome: LaunchOutcome = { kind: "launched", created: "job-1" };
  const gate = new Gate({
    views,
    synced: () => true,
    launcher: {
      launch: (view) => {
        launched.push(view.name);
        if (outcome.kind === "launched") views.put(view.name, starting());
        return Promise.resolve(outcome);
      },
    },
    leases: { isEnding: () => false, renew: () => Promise.resolve() },
    acks: {
      isAcked: () => acked,
      untilAcked: (_view, signal) =>
        new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    },
    holdSeconds: 5,
    held,
    bodies,
    now: Date.now,
    stopping: stopping.signal,
    closing: new AbortController().signal,
    unknownGrace: 10,
    onFault: (_view, error) => faults.push(error),
    ...change,
  });
  const never = new AbortController().signal;
  return {
    gate,
    held,
    bodies,
    views,
    launched,
    stopping,
    faults,
    ask: (name = "hello", disconnected = never, patience = Infinity, bodyCost = 0) =>
      gate.check({ view: name, host: `${name}.localhost`, disconnected: () => disconnected, patience, bodyCost }),
    setAcked: (yes: boolean) => acked = yes,
    setOutcome: (how: LaunchOutcome) => outcome = how,
  };
}

export const denial = (verdict: Verdict) => verdict.kind === "denied" ? verdict.denial.kind : verdict.kind;
export const turn = () => new Promise((resolve) => setTimeout(resolve, 0));
