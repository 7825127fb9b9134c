import type { ViewOpening } from "../access/opening.ts";
import type { Quota } from "../async/quota.ts";
import { costByViewCluster, costOf } from "../envoy/held_bodies.ts";
import { authorizationService } from "../gate/authorization_service.ts";
import { Gate, type GateOptions } from "../gate/gate.ts";
import type { LastRequests } from "../history/last_requests.ts";
import { StallDetector } from "../health/stall_detector.ts";
import type { Handler } from "../http/http_server.ts";
import type { Kubernetes } from "../kubernetes/kubernetes.ts";
import { logger } from "../logging.ts";
import { logFault, logVerdict } from "../telemetry/log_lines.ts";
import type { StartTraces } from "../traces/start_traces.ts";
import type { ViewState } from "../view/state.ts";
import type { AppContext } from "./context.ts";
import type { SidecarPart } from "./lifecycle.ts";

export interface GatePart extends SidecarPart {
  readonly gate: Gate;
  /** Envoy's ext_authz. */
  readonly authorization: Handler;
}

export interface GateNeeds extends Pick<GateOptions, "launcher" | "acks" | "leases" | "closing"> {
  readonly views: Kubernetes<ViewState>["views"];
  readonly held: Quota;
  readonly bodies: Quota;
  readonly openings: ViewOpening | undefined;
  /** Hears of each request that begins to wait. */
  readonly requests: Pick<LastRequests, "seen">;
  readonly onHeld: (view: string) => void;
  /** Undefined where nothing is traced. */
  readonly traces: StartTraces | undefined;
  /** Whether Envoy has a cluster for the view. */
  readonly hasCluster: (view: string) => boolean;
}

/** Milliseconds between looks at how many requests are held. */
const LOOK = 50;

/** Builds the gate, where requests wait for views that are not awake. */
export function gatePart({ config, envoy, metrics, time, signal }: AppContext, needs: GateNeeds): GatePart {
  const { baseHost, holdSeconds, requestBodyBufferLimitBytes: limit } = config;
  const gate = new Gate({
    ...needs,
    synced: () => needs.views.synced,
    holdSeconds,
    now: time.now,
    stopping: signal,
    onFault: (view, error) => logFault(view, error, needs.traces?.traceIdOf(view)),
    onHeld: (view) => {
      needs.requests.seen([view]);
      needs.onHeld(view);
    },
    onWake: (start, milliseconds) => metrics.wake(start, milliseconds / 1000),
  });
  const stalls = new StallDetector(time.clock);
  const authorization = authorizationService({
    gate,
    baseHost,
    openings: needs.openings,
    gateToken: envoy.gateToken,
    holdSeconds,
    costOf: (body, view) =>
      view !== undefined && needs.hasCluster(view) ? costByViewCluster(body, limit) : costOf(body, limit),
    stalled: () => stalls.stalled,
    clock: time.clock,
    traces: needs.traces,
    onVerdict: (view, verdict, milliseconds, traceId) => {
      metrics.gate(verdict, milliseconds / 1000);
      logVerdict(view, verdict, milliseconds, traceId);
    },
  });
  /** Most of what is held gets its answer within seconds; Envoy asks the next sidecar about the rest. */
  const drain = async (signal: AbortSignal) => {
    logger("sidecar").info("The sidecar stops; {held} requests are held", { held: gate.held });
    while (gate.held > 0 && !signal.aborted) await time.pause(LOOK, signal).catch(() => {});
  };
  return { name: "gate", gate, authorization, run: (signal) => stalls.run(time.pause, signal), drain };
}
