import { isDeepStrictEqual } from "node:util";
import { needsChange } from "./cause.ts";
import { BEING_DELETED } from "./reasons.ts";
import type { ViewState } from "./state.ts";

/** What whoever looks at a view's Service is told. */
export interface Warning {
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
export function warningOf(after: ViewState | undefined, before: ViewState | undefined): Warning | undefined {
  const [now, then] = [after, before].map((state) => state && worth(state));
  return now?.once === then?.once ? after && before && ofChange(after, before) : now;
}

function worth({ phase }: ViewState): Warning | undefined {
  if (phase.kind === "failed" && phase.cause.reason === BEING_DELETED.Job) {
    return { ...phase.cause, once: `${phase.job} ${phase.cause.message}` };
  }
  if (phase.kind === "failed" && needsChange(phase.cause)) return { ...phase.cause, once: phase.cause.message };
  return undefined;
}

/**
 * Who has changed a Service's annotation is told that the view's pod goes on with the former. Who has changed a template has
 * changed no view: there may be thousands, and their Events would leave no room for others.
 */
function ofChange({ name, phase, spec, restartNeeded }: ViewState, before: ViewState): Warning | undefined {
  if (restartNeeded === undefined || phase.kind === "asleep" || isDeepStrictEqual(spec, before.spec)) return undefined;
  const changed = restartNeeded.join(" and ");
  return {
    reason: "RestartNeeded",
    message: `The ${changed} of view ${name} changed while it runs. ` +
      `Its pod has the former until POST /_api/views/${name}/restart, or until the view wakes the next time.`,
    once: `${phase.job} ${changed}`,
  };
}
