import type { Kubernetes } from "../kubernetes/kubernetes.ts";
import { WatchedGrants } from "../kubernetes/watched_grants.ts";
import { logGrants, logTrouble } from "../telemetry/log_lines.ts";
import type { Grants } from "../view/grants.ts";
import type { ViewState } from "../view/state.ts";
import type { AppContext } from "./context.ts";
import type { SidecarPart } from "./lifecycle.ts";

export interface GrantsPart extends SidecarPart {
  readonly grants: () => Grants;
}

/** Builds the watch of the grants, which bound what subsets people give to views. */
export function grantsPart({ config, time }: AppContext, { transport, prober }: Kubernetes<ViewState>): GrantsPart {
  const watched = new WatchedGrants({
    ...{ transport, prober, time, namespace: config.namespace, configMap: config.grantsConfigMap },
    onChange: logGrants,
    onProblem: logTrouble,
  });
  return { name: "watch of grants", grants: () => watched.current, run: (signal) => watched.run(signal) };
}
