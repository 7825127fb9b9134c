import type { Kubernetes } from "../kubernetes/kubernetes.ts";
import { logger } from "../logging.ts";
import { PodProbe } from "../start_probe/pod_probe.ts";
import { StartProbes } from "../start_probe/start_probes.ts";
import { logProbed } from "../telemetry/log_lines.ts";
import type { ViewState } from "../view/state.ts";
import type { AppContext } from "./context.ts";
import type { SidecarPart } from "./lifecycle.ts";

export interface StartProbePart extends SidecarPart {
  readonly startProbes: StartProbes;
}

export interface StartProbeNeeds {
  readonly kubernetes: Kubernetes<ViewState>;
  /** Whether a request or a page waits for the view at this gateway. */
  readonly isAwaited: (view: string) => boolean;
}

/** Builds what probes starting pods, so that a view is awake before the kubelet says so. */
export function startProbePart(
  { config, metrics, time }: AppContext,
  { kubernetes, isAwaited }: StartProbeNeeds,
): StartProbePart {
  const log = logger("sidecar");
  const podProbe = new PodProbe(
    config.socketDirectory,
    (error) =>
      log.warn("The gateway cannot probe starting pods, and waits for the kubelet's probes: {error}", { error }),
  );
  const startProbes = new StartProbes({
    view: (name) => kubernetes.views.get(name),
    isAwaited,
    serves: (probe, signal) => podProbe.serves(probe, signal),
    onServing: (view, { pod }, milliseconds) => {
      metrics.probedStart("gateway");
      logProbed(view, milliseconds);
      kubernetes.answered(view, { uid: pod });
    },
    onOvertaken: () => metrics.probedStart("kubelet"),
    pause: time.pause,
    clock: time.clock,
  });
  kubernetes.views.subscribe((name) => startProbes.update(name));
  const stop = async () => {
    await startProbes.stop();
    podProbe.close();
  };
  return { name: "probes of starting pods", startProbes, stop };
}
