import type { KubeConfig } from "@kubernetes/client-node";
import { Kubernetes } from "../kubernetes/kubernetes.ts";
import { logEvent, logPhase, logTemplates, logTrouble } from "../telemetry/log_lines.ts";
import { derive } from "../view/derive.ts";
import { startOf } from "../view/start.ts";
import type { ViewState } from "../view/state.ts";
import { type Warning, warningOf } from "../view/warning.ts";
import type { AppContext } from "./context.ts";
import type { SidecarPart } from "./lifecycle.ts";

/** Writes an Event on a view's Service. */
export type Warn = (view: Pick<ViewState, "name" | "uid">, warning: Warning) => void;

export interface KubernetesPart extends SidecarPart {
  readonly kubernetes: Kubernetes<ViewState>;
  readonly warn: Warn;
  /** Calls the listener after each change of the templates. */
  readonly onTemplates: (listener: () => void) => void;
}

export interface KubernetesNeeds {
  readonly onPodDeletion: () => void;
  readonly load: (() => KubeConfig) | undefined;
}

/** Builds the watches of Kubernetes, which keep the snapshot of all views. */
export function kubernetesPart(
  { config, required, metrics, time, signal }: AppContext,
  { onPodDeletion, load }: KubernetesNeeds,
): KubernetesPart {
  const listeners: (() => void)[] = [];
  const kubernetes = new Kubernetes<ViewState>({
    namespace: config.namespace,
    selector: config.viewSelector,
    bounds: config,
    ownPod: config.podName === "" ? undefined : { namespace: config.podNamespace, name: config.podName },
    onPodDeletion,
    templates: { configMap: config.templatesConfigMap, defaultName: config.defaultTemplate },
    onTemplates: (before, after) => {
      logTemplates(before, after);
      for (const listener of listeners) {
        try {
          listener();
        } catch (error) {
          // What it keeps is of less weight than the views, which need the templates too.
          logTrouble("A listener failed on a change of the templates", error);
        }
      }
    },
    derive: (objects, previous, templates) =>
      derive(objects, previous, (view) => startOf(view, templates, required), config.publicViews),
    onProblem: logTrouble,
    time,
    ...load && { load },
  });
  const warn: Warn = (view, warning) => {
    kubernetes.events.warn(view, warning, signal).then((written) => logEvent(view.name, written), () => {});
  };
  kubernetes.views.subscribe((name, after, before) => {
    const warning = warningOf(after, before);
    if (after && warning) warn(after, warning);
    metrics.phase(before?.phase.kind, after?.phase.kind);
    logPhase(name, before, after);
  });
  return {
    name: "watch of Kubernetes",
    kubernetes,
    warn,
    onTemplates: (listener) => void listeners.push(listener),
    run: (signal) => kubernetes.run(signal),
  };
}
