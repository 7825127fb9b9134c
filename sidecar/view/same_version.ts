import type { ViewState } from "./state.ts";

/** Whether both are the same version of the same view: its owner, and whom it is shared with, are those of before. */
export function isSameVersion(a: ViewState | undefined, b: ViewState | undefined): boolean {
  return a?.uid === b?.uid && a?.resourceVersion === b?.resourceVersion;
}
