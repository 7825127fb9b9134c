import type { Kubernetes } from "../kubernetes/kubernetes.ts";
import { type Lake, NO_LAKE } from "../lake/lake.ts";
import { Launcher } from "../launch/launcher.ts";
import { StartFailures } from "../launch/start_failures.ts";
import type { Pools } from "../pool/pools.ts";
import { logClaim, logFault, logLaunch } from "../telemetry/log_lines.ts";
import type { StartTraces } from "../traces/start_traces.ts";
import { isOnlyFoundByLaunch, needsChange } from "../view/cause.ts";
import { termsOf } from "../view/lease.ts";
import { startOf } from "../view/start.ts";
import { isRunning, type ViewState } from "../view/state.ts";
import type { AppContext } from "./context.ts";
import type { Warn } from "./kubernetes_part.ts";
import { tracedLaunch } from "./traces_part.ts";

/** Milliseconds that one launch may take until Kubernetes has a pod, or says why it has none. */
const LAUNCH_LIMIT = 30_000;

export interface LaunchNeeds {
  readonly kubernetes: Kubernetes<ViewState>;
  readonly lake: Lake | undefined;
  readonly pools: Pools;
  readonly warn: Warn;
  /** Undefined where nothing is traced. */
  readonly traces: StartTraces | undefined;
}

/** Builds what creates the Job of a view. */
export function launcherOf(
  { config, required, lake: podLake, metrics, time, signal }: AppContext,
  { kubernetes, lake, pools, warn, traces }: LaunchNeeds,
): Launcher {
  const { views } = kubernetes;
  const failures = new StartFailures({
    view: (name) => views.get(name),
    onFailure: (view, cause) => {
      const { reason, message } = cause;
      metrics.startFailure(reason);
      // That has a warning of its own, whether the view is started or not.
      if (!needsChange(cause)) warn(view, { reason: "StartFailed", message: `${reason}: ${message}` });
    },
  });
  let running = 0;
  views.subscribe((name, after, before) => {
    running += Number(isRunning(after)) - Number(isRunning(before));
    failures.changed(name, after);
  });
  return new Launcher({
    views,
    ...tracedLaunch(traces, kubernetes),
    pools,
    onClaim: (view, outcome, pod) => {
      metrics.claim(outcome);
      logClaim(view, outcome, pod, traces?.traceIdOf(view));
    },
    start: (view) => startOf(view, kubernetes.templates, required),
    podLake,
    credentials: lake ?? NO_LAKE,
    required,
    terms: (spec) => termsOf(spec, config),
    limits: { launches: config.launchesAtOnce, running: config.runningViews },
    running: () => running,
    timeout: LAUNCH_LIMIT,
    ...time,
    signal,
    onOutcome: (view, outcome, uid) => {
      metrics.launch(outcome);
      logLaunch(view, outcome, traces?.traceIdOf(view));
      if (outcome.kind === "failed") {
        failures.refused(view, outcome.cause);
        if (isOnlyFoundByLaunch(outcome.cause)) kubernetes.refused(view, { uid, cause: outcome.cause });
      } else if (outcome.kind === "launched" && outcome.created) failures.launched(view, outcome.created);
    },
    onFault: (view, error) => logFault(view, error, traces?.traceIdOf(view)),
  });
}
