/**
 * On a template's pod: a path, such as `/healthz`, that answers 2xx or 3xx once the view can serve. The gateway then asks
 * for it itself while requests wait, as it may ask more often than the kubelet.
 */
export const START_PROBE_ANNOTATION = "view.yolean.se/start-probe";

/** The path in a pod's annotations; undefined where there is none, or none that can be asked for. */
export function startProbePath(annotations: Readonly<Record<string, string>> = {}): string | undefined {
  const path = annotations[START_PROBE_ANNOTATION];
  return path === undefined || !isPath(path) ? undefined : path;
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
  if (path === undefined || typeof path === "string" && isPath(path)) return undefined;
  return `has the annotation ${START_PROBE_ANNOTATION} with the value ${
    JSON.stringify(path)
  }; it must be a path such as ` +
    `/healthz, as it stands in a URL`;
}

/** Whether it goes over the wire as it stands: a URL would change `..`, and what has to be encoded. */
function isPath(path: string): boolean {
  if (!path.startsWith("/") || path.length > 1024) return false;
  const { pathname, search } = new URL(`http://pod.invalid${path}`);
  return pathname + search === path;
}
