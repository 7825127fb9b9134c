import type { ViewPhase, ViewState } from "../state.ts";

const ASLEEP: ViewPhase = { kind: "asleep", ended: undefined };

/** The view `hello`, without subsets, in this phase and with these changes. */
export function viewState(phase: ViewPhase = ASLEEP, change: Partial<Omit<ViewState, "phase">> = {}): ViewState {
  return {
    name: "hello",
    uid: "service-1",
    resourceVersion: "1",
    owner: undefined,
    createdAt: "2026-01-01T00:00:00Z",
    spec: { subsets: [] },
    phase,
    draining: [],
    served: undefined,
    ...change,
  };
}
