import type { AssignmentOutcome } from "../assignment/assignments.ts";
import { logger } from "../logging.ts";
import type { Assignment, Cause } from "../view/state.ts";

const gate = logger("gate");
const lake = logger("lake");

/** Logs that a claimed pod has become the view's, or that another gateway was first. A failure has a line of its own. */
export function logAssignment(view: string, outcome: AssignmentOutcome, milliseconds: number): void {
  if (outcome === "assigned") {
    gate.info("The claimed pod of view {view} has taken its assignment, after {milliseconds} ms", {
      view,
      milliseconds: Math.round(milliseconds),
    });
  } else if (outcome === "overtaken") gate.debug("View {view} needs no assignment any more", { view });
}

export function logAssignmentFailure(view: string, { podName, pool }: Assignment, { reason, message }: Cause): void {
  gate.warn("View {view} does not get its claimed pod: {reason}: {detail}", {
    ...{ view, reason, pool },
    ...{ pod: podName, detail: message },
  });
}

/** Logs that other gateways will not learn of an assignment for now. They make it again. */
export function logUnnoted(view: string, detail: string): void {
  gate.warn("The pod of view {view} cannot be annotated as assigned: {detail}", { view, detail });
}

/** Logs that Envoy takes no assignments from the sidecar. */
export function logNoAssignments(error: unknown): void {
  gate.warn("Envoy brings no assignments to claimed pods, so their views start cold: {error}", { error });
}

export function logDelivery(view: string): void {
  lake.debug("The pod of view {view} has its renewed credentials", { view });
}

export function logDeliveryFailure(view: string, detail: string): void {
  lake.warn("The renewed credentials of view {view} do not reach its pod yet: {detail}", { view, detail });
}
