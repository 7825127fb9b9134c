import type { Kubernetes } from "../kubernetes/kubernetes.ts";
import type { LaunchOutcome } from "../launch/launcher.ts";
import { Placeholders } from "../launch/placeholders.ts";
import { PodlessJobs } from "../launch/podless_jobs.ts";
import { logFault, logPodless, logRelease } from "../telemetry/log_lines.ts";
import type { ViewState } from "../view/state.ts";
import type { AppContext } from "./context.ts";
import type { SidecarPart } from "./lifecycle.ts";

export interface StartRepairPart extends SidecarPart {
  /** Somebody has begun to wait for the view. */
  readonly update: (view: string) => void;
}

export interface StartRepairNeeds {
  readonly kubernetes: Kubernetes<ViewState>;
  /** Whether a request or a page waits for the view at this gateway. */
  readonly isAwaited: (view: string) => boolean;
  readonly launch: (view: ViewState) => Promise<LaunchOutcome>;
}

/** Builds what goes on with starts that somebody waits for and nobody else brings further. */
export function startRepairPart(
  { time: { pause, random } }: AppContext,
  { kubernetes: { views, pods }, isAwaited, launch }: StartRepairNeeds,
): StartRepairPart {
  const common = { view: (name: string) => views.get(name), onFault: logFault, ...{ isAwaited, pause, random } };
  const placeholders = new Placeholders({ ...common, pods, onRelease: logRelease });
  const podless = new PodlessJobs({ ...common, launch, onPodless: logPodless });
  const update = (name: string) => {
    placeholders.update(name);
    podless.update(name);
  };
  views.subscribe(update);
  return {
    name: "repair of starts",
    update,
    stop: async () => void await Promise.all([placeholders.stop(), podless.stop()]),
  };
}
