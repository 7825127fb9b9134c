import { answerTo } from "../denial/denial.ts";
import type { HoldEnd } from "../traces/start_traces.ts";
import type { Verdict } from "./gate.ts";

/** What a trace says of the end of a request's wait. A page that follows a start is no failure. */
export function holdEnd(view: string | undefined, verdict: Verdict): HoldEnd {
  if (verdict.kind !== "denied") return { view, outcome: verdict.kind, reason: undefined, failed: false };
  const { denial } = verdict;
  const { status, reason } = answerTo(denial).problem;
  return { view, outcome: denial.kind, reason, failed: status >= 500 && denial.kind !== "waiting" };
}
