import type { ViewHistory } from "../api/api_options.ts";
import type { EndpointAcks } from "../envoy/endpoint_acks.ts";
import type { LastRequests } from "../history/last_requests.ts";
import { LastStarts } from "../history/last_starts.ts";
import type { Kubernetes } from "../kubernetes/kubernetes.ts";
import { logFault } from "../telemetry/log_lines.ts";
import type { StartTraces } from "../traces/start_traces.ts";
import { NOT_ROUTED } from "../view/reasons.ts";
import type { ViewState } from "../view/state.ts";
import type { AppContext } from "./context.ts";
import type { SidecarPart } from "./lifecycle.ts";

export interface HistoryPart extends SidecarPart {
  readonly history: ViewHistory;
  /** Whether a start of the view is under way. */
  readonly isStarting: (view: string) => boolean;
}

export interface HistoryNeeds {
  readonly views: Kubernetes<ViewState>["views"];
  /** It has to take a change of a view before this part does. */
  readonly acks: EndpointAcks;
  readonly requests: LastRequests;
  /** Undefined where nothing is traced. */
  readonly traces: Pick<StartTraces, "ended"> | undefined;
}

/** Builds what remembers how views last started, and when they last had a request. */
export function historyPart({ time }: AppContext, { views, acks, requests, traces }: HistoryNeeds): HistoryPart {
  const starts = new LastStarts({
    acks,
    now: time.now,
    onFault: logFault,
    ...traces !== undefined && {
      onEnd: (name, record, refused) => {
        const { phase, attempt } = views.get(name) ?? {};
        const cause = phase?.kind === "failed" ? phase.cause.reason : undefined;
        traces.ended(name, { record, reason: refused ? NOT_ROUTED : cause, times: attempt?.times });
      },
    },
  });
  views.subscribe((name, after, before) => starts.changed(name, after, before));
  const history: ViewHistory = {
    lastStart: (view) => starts.get(view),
    lastRequestAt: ({ name }) => requests.get(name),
  };
  return {
    name: "history of views",
    history,
    isStarting: (view) => starts.isUnderWay(view),
    stop: () => starts.stop(),
  };
}
