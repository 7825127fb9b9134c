import type { RenewedJob } from "../view/write_outcomes.ts";
import type { EventOutcome } from "../kubernetes/write/event_writes.ts";
import type { Verdict } from "../gate/gate.ts";
import type { LaunchOutcome } from "../launch/launcher.ts";
import { escapeBraces, logger } from "../logging.ts";
import { DEFAULT_TARGET, targetMismatch } from "../view/service_target.ts";
import type { ViewState } from "../view/state.ts";
import { isChanged, templateNamed, templateNames, type Templates } from "../view/templates.ts";

const views = logger("view");
const gate = logger("gate");
const templates = logger("template");
const cluster = logger("cluster");

/** What a view is doing now, where that is another thing than before. A first sync tells of those that do anything. */
export function logPhase(view: string, before: ViewState | undefined, after: ViewState | undefined): void {
  const [was, is] = [before?.phase.kind, after?.phase.kind];
  if (was === is || (was === undefined && is === "asleep")) return;
  // The template has a line of its own, and may be a hundred thousand views'.
  if (isOfTemplate(before) || isOfTemplate(after)) {
    views.debug("View {view} is {phase}, as its template is", { view, before: was, phase: is });
  } else if (after?.phase.kind === "failed") {
    views.warn("View {view} has failed: {reason}: {detail}", {
      view,
      before: was,
      reason: after.phase.cause.reason,
      detail: after.phase.cause.message,
    });
  } else if (after === undefined) views.info("View {view} is gone", { view, before: was });
  else views.info("View {view} is {phase}", { view, before: was, phase: is });
}

/** What went wrong between the sidecar and Kubernetes, and goes on by itself; the error is undefined where there is none. */
export function logTrouble(message: string, error: unknown): void {
  if (error === undefined) cluster.warn(escapeBraces(message));
  else cluster.warn(`${escapeBraces(message)}: {error}`, { error });
}

function isOfTemplate(view: ViewState | undefined): boolean {
  return view?.phase.kind === "failed" && view.phase.cause.reason === "InvalidTemplate";
}

/** The templates that have changed, have come or are gone. */
export function logTemplates(before: Templates, after: Templates): void {
  const names = new Set([after.defaultName, ...templateNames(before), ...templateNames(after)]);
  for (const name of names) {
    if (!isChanged(before, after, name)) continue;
    const result = templateNamed(after, name);
    if ("invalid" in result) {
      templates.warn("Template {template} cannot be used: {detail}", { template: name, detail: result.invalid });
      continue;
    }
    const unusual = targetMismatch(DEFAULT_TARGET, result.template.shape, `template ${name}`);
    if (unusual === undefined) templates.info("Template {template} is read", { template: name });
    // A Service that somebody wrote may point to another port.
    else {templates.warn("The API makes no view of template {template}: {detail}", {
        template: name,
        detail: unusual.message,
      });}
  }
}

export function logLaunch(view: string, outcome: LaunchOutcome): void {
  switch (outcome.kind) {
    case "launched":
      return gate.info(outcome.created ? "View {view} is launched" : "View {view} was launched by another gateway", {
        view,
      });
    case "paused":
      return gate.debug("View {view} is not launched again for {seconds} s: {reason}: {detail}", {
        view,
        seconds: outcome.seconds,
        reason: outcome.cause.reason,
        detail: outcome.cause.message,
      });
    case "failed":
      return gate.warn("View {view} cannot be launched: {reason}: {detail}", {
        view,
        reason: outcome.cause.reason,
        detail: outcome.cause.message,
      });
    case "busy":
    case "unavailable":
      return gate.warn("View {view} cannot be launched now: {detail}", { view, detail: outcome.message });
    case "late":
      return gate.warn("View {view} was not launched within {seconds} s; it still waited for {waitedFor}", {
        view,
        seconds: outcome.seconds,
        waitedFor: outcome.waitedFor,
      });
    case "stopping":
      return gate.info("The launch of view {view} is left, as the sidecar stops", { view });
    // Whoever met it has told of it.
    case "fault":
      return;
  }
}

/** A fault of the gateway's own: it goes on, but for the one request or view. */
export function logFault(view: string, error: unknown): void {
  gate.error("The gateway has failed at view {view}: {error}", { view, error });
}

/** Phases tell that it is awake; this tells how that is known before Kubernetes says so. */
export function logProbed(view: string, milliseconds: number): void {
  gate.debug("View {view} answers probes, after {milliseconds} ms of them", {
    view,
    milliseconds: Math.round(milliseconds),
  });
}

export function logEvent(view: string, outcome: EventOutcome): void {
  if (outcome.kind === "dropped") views.debug("No Event tells of view {view}: there were too many lately", { view });
  else if (outcome.kind !== "written") {
    const detail = outcome.kind === "refused" ? outcome.cause.message : outcome.message;
    views.warn("No Event tells of view {view}: {detail}", { view, detail });
  }
}

export function logRenewal(view: string, renewal: RenewedJob): void {
  if (renewal.kind === "renewed") gate.debug("The lease of view {view} is renewed", { view });
  else if (renewal.kind !== "lost") {
    const detail = renewal.kind === "refused" ? renewal.cause.message : renewal.message;
    gate.warn("The lease of view {view} cannot be renewed: {detail}", { view, detail });
  }
}

/** Each request is in Envoy's access log; only what happened to it at the gate is told here, to whoever looks for it. */
export function logVerdict(view: string | undefined, verdict: Verdict, milliseconds: number): void {
  const outcome = verdict.kind === "denied" ? verdict.denial.kind : verdict.kind;
  gate.debug("A request for {view}: {outcome} after {milliseconds} ms", {
    view,
    outcome,
    milliseconds: Math.round(milliseconds),
  });
}
