import { Deadline } from "../async/deadline.ts";
import { problem, problemResponse } from "../http/problem.ts";
import type { ViewPhase, ViewState } from "../view/state.ts";
import type { ApiOptions } from "./api_options.ts";
import { startRefusal, viewFailed } from "./start_refusal.ts";

/** How often one request launches a view that falls asleep again before it is awake. */
const LAUNCHES = 3;

/**
 * Waits until the view is awake, or the time is over. Returns the answer where it fails.
 * @param former the Job that another one replaces; undefined where none is replaced
 */
export async function untilAwake(
  { name, uid }: ViewState,
  milliseconds: number,
  client: AbortSignal,
  { views, start, awaitStart, closing }: ApiOptions,
  former?: string,
): Promise<Response | undefined> {
  const awaited = awaitStart(name);
  if ("limit" in awaited) {
    const whose = awaited.of === "one" ? `view ${name}` : "all views";
    const detail = `${awaited.limit} requests and pages already follow the starts of ${whose}. Ask without wait.`;
    return problemResponse(problem(503, "too-many-streams", detail, { view: name }), 5);
  }
  using limit = new Deadline([client, closing], milliseconds);
  try {
    await views.until(name, (state) => state?.uid !== uid || isReplaced(state.phase, former), limit.signal);
    for (let launches = 1;; launches++) {
      const isOver = (state: ViewState | undefined) => state?.uid !== uid || state.phase.kind !== "starting";
      const state = await views.until(name, isOver, limit.signal);
      if (state?.uid !== uid || state.phase.kind === "awake") return undefined;
      if (state.phase.kind === "failed") return viewFailed(name, state.phase.cause);
      if (launches === LAUNCHES) {
        return viewFailed(name, { reason: "Ended", message: `It ended ${launches} times before it was awake.` });
      }
      const refusal = startRefusal(name, await start(state));
      if (refusal !== undefined) return refusal;
    }
  } catch (error) {
    if (limit.signal.aborted) return undefined;
    throw error;
  } finally {
    awaited.release();
  }
}

function isReplaced(phase: ViewPhase, former: string | undefined): boolean {
  return former === undefined || phase.kind !== "asleep" && phase.job !== former;
}
