import { aborted } from "../async/aborted.ts";
import type { Kubernetes } from "../kubernetes/kubernetes.ts";
import { WatchedPools } from "../kubernetes/watched_pools.ts";
import { logger } from "../logging.ts";
import { PoolKeeper } from "../pool/pool_keeper.ts";
import type { Pools } from "../pool/pools.ts";
import { WantedPools } from "../pool/wanted_pools.ts";
import { WarmPools } from "../pool/warm_pools.ts";
import { logTrouble } from "../telemetry/log_lines.ts";
import { logPoolEvent, logPoolTrouble, logPoolWritten } from "../telemetry/pool_lines.ts";
import { type PoolCounts, poolCounts } from "../view/pool_pods.ts";
import { type PoolTrouble, poolWarning } from "../view/pool_steps.ts";
import type { ViewState } from "../view/state.ts";
import type { AppContext } from "./context.ts";
import type { SidecarPart } from "./lifecycle.ts";

export interface PoolPart extends SidecarPart {
  readonly pools: Pools;
  readonly counts: () => readonly PoolCounts[];
}

export interface PoolNeeds {
  readonly kubernetes: Kubernetes<ViewState>;
  /** Calls the listener after each change of the templates. */
  readonly onTemplates: (listener: () => void) => void;
}

/** Builds the warm pools, and what keeps them. */
export function poolPart(
  { config, required, lake, metrics, time, signal }: AppContext,
  { kubernetes, onTemplates }: PoolNeeds,
): PoolPart {
  const { transport, prober, jobs, events } = kubernetes;
  const rendered = new WantedPools({ required, lake });
  const wanted = () => rendered.in(kubernetes.templates);
  const watched = new WatchedPools({
    ...{ transport, prober, required, time, namespace: config.namespace },
    onChange: (type) => {
      pools.changed();
      // A pod that comes or goes needs no write: the Job controller keeps their number.
      if (type !== "pods") keeper.changed();
    },
    onProblem: logTrouble,
  });
  const objects = () => watched.objects;
  const pools = new WarmPools({
    objects,
    labelOf: (name = config.defaultTemplate, template) => rendered.of(name, template)?.label,
    ...time,
  });
  const onTrouble = (trouble: PoolTrouble) => {
    const { job } = trouble;
    metrics.poolProblem(trouble.stopped ? "stopped" : "incomplete");
    logPoolTrouble(trouble);
    const about = { kind: "Job", name: job.name, uid: job.uid } as const;
    events.warn(about, poolWarning(trouble), signal).then((written) => logPoolEvent(job, written), () => {});
  };
  const keeper = new PoolKeeper({
    ...{ jobs, wanted, time, onTrouble },
    objects: () => watched.synced ? watched.objects : undefined,
    onWritten: (written) => {
      if (written.outcome.kind === "refused") metrics.poolProblem("refused");
      logPoolWritten(written);
    },
    onFault: (error) => logger("pool").error("The gateway has failed at its warm pools: {error}", { error }),
  });
  const asked = Promise.withResolvers<void>();
  onTemplates(() => {
    if (wanted().length > 0) asked.resolve();
    keeper.changed();
  });
  const run = async (signal: AbortSignal) => {
    // A gateway whose templates ask for no pool watches none.
    await Promise.race([aborted(signal), asked.promise]);
    if (!signal.aborted) await Promise.all([watched.run(signal), keeper.run(signal)]);
  };
  return { name: "warm pools", pools, counts: () => poolCounts(wanted(), watched.objects), run };
}
