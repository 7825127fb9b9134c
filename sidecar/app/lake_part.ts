import type { ViewOpening } from "../access/opening.ts";
import type { ServedMethod } from "../grpc/grpc_server.ts";
import { lakeReads } from "../envoy/lake_reads.ts";
import type { Kubernetes } from "../kubernetes/kubernetes.ts";
import { Lake, type LakeDelivery } from "../lake/lake.ts";
import { logger } from "../logging.ts";
import type { StartTraces } from "../traces/start_traces.ts";
import type { ViewState } from "../view/state.ts";
import type { Xds } from "../routing/publisher.ts";
import type { AppContext } from "./context.ts";
import type { Warn } from "./kubernetes_part.ts";
import type { SidecarPart } from "./lifecycle.ts";
import { tracedLake } from "./traces_part.ts";

export interface LakePart extends SidecarPart {
  /** Undefined where no lake is configured. */
  readonly lake: Lake | undefined;
  readonly served: readonly ServedMethod[];
}

export interface LakeNeeds {
  readonly kubernetes: Kubernetes<ViewState>;
  readonly ads: Pick<Xds, "publish">;
  readonly openings: ViewOpening | undefined;
  readonly delivery: LakeDelivery;
  readonly warn: Warn;
  /** Undefined where nothing is traced. */
  readonly traces: StartTraces | undefined;
}

/** Builds what gives views their credentials for the lake, and signs their requests. */
export function lakePart(
  { config, required, lake: settings, envoy, metrics, time, signal }: AppContext,
  { kubernetes: { views, secrets }, ads, openings, delivery, warn, traces }: LakeNeeds,
): LakePart {
  if (settings === undefined) return { name: "lake", lake: undefined, served: [] };
  const lake = new Lake({
    ...tracedLake(traces, secrets),
    settings,
    views,
    openings,
    delivery,
    publish: (generation) => ads.publish({ set: [lakeReads(generation)], removed: [] }),
    variable: (name) => Deno.env.get(name),
    required,
    baseHost: config.baseHost,
    socketDirectory: config.socketDirectory,
    gateToken: envoy.gateToken,
    ...time,
    signal,
    log: logger("lake"),
    onWarning: warn,
    onAssumed: (cause) => metrics.assumed(cause),
    onRequest: (_view, outcome) => metrics.lakeRequest(outcome),
  });
  views.subscribe((name, after, before) => lake.update(name, after, before));
  return { name: "lake", lake, served: [lake.served], run: (signal) => lake.run(signal), stop: () => lake.stop() };
}
