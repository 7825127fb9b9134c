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
  readonly waited: (view: string) => boolean;
}

/** Builds what probes starting pods, so that a view is awake before the kubelet says so. */
export function startProbePart(
  { config, metrics, time }: AppContext,
  { kubernetes, waited }: StartProbeNeeds,
): StartProbePart {
  const log = logger("sidecar");
  const podProbe = new PodProbe(
    config.socketDirectory,
    (error) => log.warn("Pods that start cannot be probed; the kubelet's probes are waited for: {error}", { error }),
  );
  const startProbes = new StartProbes({
    view: (name) => kubernetes.views.get(name),
    waited,
    serves: (probe, signal) => podProbe.serves(probe, signal),
    onServing: (view, { pod }, milliseconds) => {
      metrics.probedStart("gateway");
      logProbed(view, milliseconds);
      kubernetes.probed(view, { uid: pod });
    },
    onOvertaken: () => metrics.probedStart("kubelet"),
    pause: time.pause,
    now: time.clock,
  });
  kubernetes.views.subscribe((name) => startProbes.look(name));
  const stop = async () => {
    await startProbes.stop();
    podProbe.close();
  };
  return { name: "probes of starting pods", startProbes, stop };
}
