import { isUrlPath } from "./url_path.ts";

/**
 * On a template's pod: a path, such as `/healthz`, that returns 2xx or 3xx once the view can serve. While requests wait, the
 * gateway probes it itself, more often than the kubelet does.
 */
export const START_PROBE_ANNOTATION = "view.yolean.se/start-probe";

/** The path in a pod's annotations; undefined if it is missing or invalid. */
export function startProbePath(annotations: Readonly<Record<string, string>> = {}): string | undefined {
  const path = annotations[START_PROBE_ANNOTATION];
  return path === undefined || !isUrlPath(path) ? undefined : path;
}

/** Why a template's annotations cannot be used, as the end of a sentence that names the template. */
export function startProbeProblem(annotations: {
  readonly job: Readonly<Record<string, unknown>> | undefined;
  readonly pod: Readonly<Record<string, unknown>> | undefined;
}): string | undefined {
  if (annotations.job?.[START_PROBE_ANNOTATION] !== undefined) {
    return `has the annotation ${START_PROBE_ANNOTATION} on its Job; it belongs on its pod, in spec.template.metadata`;
  }
  const path = annotations.pod?.[START_PROBE_ANNOTATION];
  if (path === undefined || typeof path === "string" && isUrlPath(path)) return undefined;
  return `has the annotation ${START_PROBE_ANNOTATION} with the value ${
    JSON.stringify(path)
  }; it must be a path such as ` +
    `/healthz, encoded as in a URL`;
}
