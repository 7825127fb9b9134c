import type { PatchedPod, RenewedJob } from "../view/write_outcomes.ts";
import type { EventOutcome } from "../kubernetes/write/event_writes.ts";
import type { Verdict } from "../gate/gate.ts";
import type { LaunchOutcome } from "../launch/launcher.ts";
import type { ClaimOutcome } from "../launch/warm_starts.ts";
import { escapeBraces, logger } from "../logging.ts";
import type { PoolPod } from "../view/claim.ts";
import type { Grants } from "../view/grants.ts";
import { DEFAULT_TARGET, targetMismatch } from "../view/service_target.ts";
import type { ViewState } from "../view/state.ts";
import { isChanged, templateNamed, templateNames, type Templates } from "../view/templates.ts";

const views = logger("view");
const gate = logger("gate");
const templates = logger("template");
const grantLines = logger("grants");
const cluster = logger("cluster");

/** Logs a view's phase when it changes. The first sync logs only views that are not asleep. */
export function logPhase(view: string, before: ViewState | undefined, after: ViewState | undefined): void {
  const [was, is] = [before?.phase.kind, after?.phase.kind];
  if (was === is || (was === undefined && is === "asleep")) return;
  // The template has a line of its own; a hundred thousand views may use it.
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

/** Logs a problem with Kubernetes that needs no action. The error is undefined when the message says all. */
export function logTrouble(message: string, error: unknown): void {
  if (error === undefined) cluster.warn(escapeBraces(message));
  else cluster.warn(`${escapeBraces(message)}: {error}`, { error });
}

function isOfTemplate(view: ViewState | undefined): boolean {
  return view?.phase.kind === "failed" && view.phase.cause.reason === "InvalidTemplate";
}

/** Logs templates that appear, change or disappear. */
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
    // A Service from `kubectl apply` may name another port.
    else {templates.warn("The API makes no view of template {template}: {detail}", {
        template: name,
        detail: unusual.message,
      });}
  }
}

/** Logs grants that are read, or cannot be. */
export function logGrants(grants: Grants): void {
  if (grants.kind === "unusable") grantLines.error("Nobody gets new subsets: {detail}", { detail: grants.cause });
  else if (grants.kind === "bounded") grantLines.info("{count} grants are read", { count: grants.grants.length });
}

export function logLaunch(view: string, outcome: LaunchOutcome, traceId?: string): void {
  const lines = gate.with(traced(traceId));
  switch (outcome.kind) {
    case "launched":
      return lines.info(outcome.created ? "View {view} is launched" : "View {view} was launched by another gateway", {
        view,
      });
    case "paused":
      return lines.debug("View {view} is not launched again for {seconds} s: {reason}: {detail}", {
        view,
        seconds: outcome.seconds,
        reason: outcome.cause.reason,
        detail: outcome.cause.message,
      });
    case "failed":
      return lines.warn("View {view} cannot be launched: {reason}: {detail}", {
        view,
        reason: outcome.cause.reason,
        detail: outcome.cause.message,
      });
    case "busy":
    case "unavailable":
      return lines.warn("View {view} cannot be launched now: {detail}", { view, detail: outcome.message });
    case "late":
      return lines.warn("View {view} was not launched within {seconds} s; it still waited for {waitedFor}", {
        view,
        seconds: outcome.seconds,
        waitedFor: outcome.waitedFor,
      });
    case "stopping":
      return lines.info("The launch of view {view} is left, as the sidecar stops", { view });
    // `onFault` has logged it.
    case "fault":
      return;
  }
}

/** Logs what became of the claim of a pool pod. A view without one starts cold. */
export function logClaim(view: string, outcome: ClaimOutcome, pod: PoolPod | undefined, traceId?: string): void {
  const lines = gate.with(traced(traceId));
  const named = { view, pod: pod?.name, pool: pod?.job.name };
  switch (outcome.kind) {
    case "claimed":
      return lines.info("View {view} gets pod {pod} of pool {pool}", named);
    case "lost":
      return lines.debug("View {view} does not get pod {pod}: it has ended, or another view has got it", named);
    case "empty":
      return lines.info("View {view} starts cold: its template's pool has no pod for it", { view });
    case "refused":
      return lines.warn("View {view} cannot claim pod {pod}, and starts cold: {detail}", {
        ...named,
        detail: outcome.cause.message,
      });
    case "unavailable":
      return lines.warn("View {view} cannot claim pod {pod} now: {detail}", { ...named, detail: outcome.message });
  }
}

/** Logs that nobody had claimed a pod for a view that somebody waits for here. */
export function logRelease(view: string, outcome: PatchedPod): void {
  if (outcome.kind === "patched") {
    gate.warn("View {view} starts cold: the gateway that launched it has claimed no pod for it", { view });
  } else if (outcome.kind !== "lost") {
    const detail = outcome.kind === "refused" ? outcome.cause.message : outcome.message;
    gate.warn("The pod of view {view} cannot be let start: {detail}", { view, detail });
  }
}

/** Logs that the Job controller gives a view's Job no pod and tells no cause. */
export function logPodless(view: string): void {
  gate.warn("View {view} gets another Job: Kubernetes has made no pod for this one and tells no cause", { view });
}

/** Logs a fault of the gateway itself. It affects one request or view; the gateway goes on. */
export function logFault(view: string, error: unknown, traceId?: string): void {
  gate.error("The gateway has failed at view {view}: {error}", { view, error, ...traced(traceId) });
}

/** Logs that the gateway, and not yet Kubernetes, knows that a view serves. */
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

/** Logs what happened to a request at the gate. The request itself is in Envoy's access log. */
export function logVerdict(
  view: string | undefined,
  verdict: Verdict,
  milliseconds: number,
  traceId?: string,
): void {
  const outcome = verdict.kind === "denied" ? verdict.denial.kind : verdict.kind;
  gate.debug("A request for {view}: {outcome} after {milliseconds} ms", {
    view,
    outcome,
    milliseconds: Math.round(milliseconds),
    ...traced(traceId),
  });
}

/** By which a line is found from its trace; nothing where there is none. */
function traced(traceId: string | undefined): { readonly traceId?: string } {
  return traceId === undefined ? {} : { traceId };
}
