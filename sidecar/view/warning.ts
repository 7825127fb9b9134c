import { isDeepStrictEqual } from "node:util";
import { needsChange } from "./cause.ts";
import { BEING_DELETED } from "./reasons.ts";
import type { ViewState } from "./state.ts";

/** An Event of type Warning about a view's Service. */
export interface Warning {
  /** One word in CamelCase. */
  readonly reason: string;
  readonly message: string;
  /** Identifies a warning that every gateway has, so that only one writes it. */
  readonly once?: string;
}

/**
 * The warning about a view's new state; undefined if there is none, or the former state had the same. A launch writes its own
 * warnings.
 */
export function warningOf(after: ViewState | undefined, before: ViewState | undefined): Warning | undefined {
  const [present, former] = [after, before].map((state) => state && stateWarning(state));
  return present?.once === former?.once ? after && before && changeWarning(after, before) : present;
}

/** What is wrong with a state by itself. */
function stateWarning(state: ViewState): Warning | undefined {
  const { phase } = state;
  if (phase.kind === "failed" && phase.cause.reason === BEING_DELETED.Job) {
    return { ...phase.cause, once: `${phase.job} ${phase.cause.message}` };
  }
  if (phase.kind === "failed" && needsChange(phase.cause)) return { ...phase.cause, once: phase.cause.message };
  return notPublicWarning(state);
}

/** Somebody wrote a Service that says `public`, for which the API has an answer. */
function notPublicWarning({ name, spec, public: isPublic }: ViewState): Warning | undefined {
  if (!spec?.public || isPublic) return undefined;
  const message = `View ${name} is not open to everybody, though its spec says "public": ` +
    "the gateway's PUBLIC_VIEWS does not allow that. Share it with users or groups by its access instead.";
  return { reason: "NotPublic", message, once: message };
}

/**
 * A changed Service annotation gets a warning, because the view's pod keeps the former spec. A changed template gets none: it may
 * concern thousands of views, and the rate limit would drop other Events.
 */
function changeWarning({ name, phase, spec, restartNeeded }: ViewState, before: ViewState): Warning | undefined {
  if (restartNeeded === undefined || phase.kind === "asleep" || isDeepStrictEqual(spec, before.spec)) return undefined;
  const changed = restartNeeded.join(" and ");
  return {
    reason: "RestartNeeded",
    message: `The ${changed} of view ${name} changed while it runs. ` +
      `Its pod gets the change by POST /_api/views/${name}/restart, or when the view wakes again.`,
    once: `${phase.job} ${changed}`,
  };
}
