import type { Handler } from "../http/http_server.ts";
import { problem, problemResponse } from "../http/problem.ts";
import { viewOfHost } from "../view/name.ts";
import type { ViewState } from "../view/state.ts";

export interface PhaseAnswersOptions {
  readonly views: { get(name: string): ViewState | undefined };
  readonly baseHost: string;
}

/**
 * Answers requests to a view's hostname outside of `/_gate/` with the view's phase. Envoy sends only probes of monitors here,
 * which must not wake the view. All other requests go to the next handler.
 */
export function phaseAnswers({ views, baseHost }: PhaseAnswersOptions, next: Handler): Handler {
  return (request) => {
    const host = request.headers.get("host") ?? "";
    const name = viewOfHost(host, baseHost);
    const isBase = host.toLowerCase().replace(/\.?(:[0-9]*)?$/, "") === baseHost;
    if (isBase || new URL(request.url).pathname.startsWith("/_gate/")) return next(request);
    const view = name === undefined ? undefined : views.get(name);
    return view === undefined
      ? problemResponse(problem(404, "unknown-view", `There is no view at ${host}.`))
      : answer(view);
  };
}

function answer({ name, phase }: ViewState): Response {
  if (phase.kind === "failed") {
    const { reason, message } = phase.cause;
    return problemResponse(problem(503, "view-failed", `View ${name} has failed: ${message}`, { view: name, reason }));
  }
  return Response.json({ name, phase: phase.kind }, { headers: { "cache-control": "no-store" } });
}
