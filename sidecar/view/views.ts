import type { ViewState } from "./state.ts";

/** The snapshot of all views, and a wait for a state of one of them. */
export interface Views {
  get(name: string): ViewState | undefined;
  /** Resolves with the first state that fits, present or future; rejects with the signal's reason. */
  until(
    name: string,
    fits: (state: ViewState | undefined) => boolean,
    signal: AbortSignal,
  ): Promise<ViewState | undefined>;
}
