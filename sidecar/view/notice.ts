import { waitsForChange } from "./cause.ts";
import { BEING_DELETED } from "./reasons.ts";
import type { ViewState } from "./state.ts";

/** What whoever looks at a view's Service is told. */
export interface Notice {
  /** A word, in CamelCase. */
  readonly reason: string;
  readonly message: string;
  /** What makes it the same to every gateway, where each of them sees it and one is to tell. */
  readonly once?: string;
}

/**
 * The notice that a view's new state is worth, where no launch brings it up; undefined where there is none, or the former
 * state was worth it too.
 */
export function noticeOf(after: ViewState | undefined, before: ViewState | undefined): Notice | undefined {
  const [now, then] = [after, before].map((state) => state && worth(state));
  return now?.once === then?.once ? undefined : now;
}

function worth({ name, phase, restartNeeded }: ViewState): Notice | undefined {
  if (restartNeeded !== undefined && phase.kind !== "asleep") {
    const changed = restartNeeded.join(" and ");
    return {
      reason: "RestartNeeded",
      message:
        `The ${changed} of view ${name} changed while it runs; its pod has the former until POST /_api/views/${name}/restart, or until it sleeps.`,
      once: `${phase.job} ${changed}`,
    };
  }
  if (phase.kind === "failed" && phase.cause.reason === BEING_DELETED.Job) {
    return { ...phase.cause, once: `${phase.job} ${phase.cause.message}` };
  }
  if (phase.kind === "failed" && waitsForChange(phase.cause)) return { ...phase.cause, once: phase.cause.message };
  return undefined;
}
