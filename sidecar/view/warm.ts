import type { V1Job } from "@kubernetes/client-node";
import { KEYS_IN_ENVIRONMENT } from "./pod_lake.ts";
import { isUrlPath } from "./url_path.ts";

/** On a template's pod: how many started pods its pool keeps, such as `"5"`. */
export const WARM_ANNOTATION = "view.yolean.se/warm";

/**
 * On a template's pod: the path of the POST that tells a pod of the pool which view it is. The gateway itself answers such paths
 * of a view's host, so no client can send that request.
 */
export const ASSIGN_ANNOTATION = "view.yolean.se/assign";

/** What a template says of its warm pool. */
export interface Warm {
  /** How many pods wait for a view. */
  readonly size: number;
  /** Path of the assignment. */
  readonly path: string;
}

/** Most pods of one pool. */
const MOST = 100;

const PREFIX = "/_gate/";

/** What a pod's annotations say of its pool; undefined if they are missing or invalid. A manifest may have null for them. */
export function warmOf(annotations: Readonly<Record<string, unknown>> | null | undefined): Warm | undefined {
  const size = sizeIn(annotations?.[WARM_ANNOTATION]);
  const path = annotations?.[ASSIGN_ANNOTATION];
  return size === undefined || !isAssignPath(path) ? undefined : { size, path };
}

/** A template's Job without its pool. A view's pod is the same with another one, so it needs no restart. */
export function withoutWarm(job: V1Job): V1Job {
  const { spec } = job;
  const pod = spec?.template;
  if (spec === undefined || warmOf(pod?.metadata?.annotations) === undefined) return job;
  const { annotations, ...metadata } = pod?.metadata ?? {};
  const { [WARM_ANNOTATION]: _size, [ASSIGN_ANNOTATION]: _path, ...others } = annotations ?? {};
  const left = Object.keys(others).length === 0 ? metadata : { ...pod?.metadata, annotations: others };
  return { ...job, spec: { ...spec, template: { ...pod, metadata: left } } };
}

/** Why a template can have no pool, as ends of sentences that name the template. None if it asks for none. */
export function warmProblems({ metadata, spec }: V1Job): readonly string[] {
  const pod = spec?.template;
  const misplaced = [WARM_ANNOTATION, ASSIGN_ANNOTATION].filter((name) => metadata?.annotations?.[name] !== undefined);
  const annotations: Readonly<Record<string, unknown>> = pod?.metadata?.annotations ?? {};
  return [
    ...misplaced.map((name) =>
      `has the annotation ${name} on its Job; it belongs on its pod, in spec.template.metadata`
    ),
    ...valueProblems(annotations),
    ...warmOf(annotations) === undefined ? [] : conflicts(spec, annotations),
  ];
}

function valueProblems(annotations: Readonly<Record<string, unknown>>): readonly string[] {
  const [size, path] = [annotations[WARM_ANNOTATION], annotations[ASSIGN_ANNOTATION]];
  if (size === undefined && path === undefined) return [];
  if (path === undefined) {
    return [`has the annotation ${WARM_ANNOTATION} without ${ASSIGN_ANNOTATION}: set both or none`];
  }
  if (size === undefined) {
    return [`has the annotation ${ASSIGN_ANNOTATION} without ${WARM_ANNOTATION}: set both or none`];
  }
  const value = (name: string) => `has the annotation ${name} with the value ${JSON.stringify(annotations[name])}`;
  return [
    ...sizeIn(size) === undefined
      ? [`${value(WARM_ANNOTATION)}; it must be a number from "1" to "${MOST}", in quotes`]
      : [],
    ...isAssignPath(path) ? [] : [
      `${value(ASSIGN_ANNOTATION)}; it must be a path below ${PREFIX}, such as ${PREFIX}assign, encoded as in a URL`,
    ],
  ];
}

/** What a pod of a pool cannot have: it starts before it has a view, and becomes the one pod of a view's Job. */
function conflicts(spec: V1Job["spec"], annotations: Readonly<Record<string, unknown>>): readonly string[] {
  const pool = `with the annotation ${WARM_ANNOTATION}`;
  return [
    ...annotations[KEYS_IN_ENVIRONMENT] === "true"
      ? [
        `sets ${KEYS_IN_ENVIRONMENT} ${pool}: a pod that starts without a view can get no keys as variables; remove one`,
      ]
      : [],
    ...(["parallelism", "completions"] as const).flatMap((field) => {
      const value = spec?.[field] ?? 1;
      // A template in which it is 0 is refused anyway.
      return value === 1 || value === 0 ? [] : [`sets spec.${field} to ${value} ${pool}: leave it out`];
    }),
    ...spec?.completionMode === "Indexed" ? [`sets spec.completionMode to Indexed ${pool}: leave it out`] : [],
    ...(spec?.template?.spec?.activeDeadlineSeconds ?? undefined) === undefined
      ? []
      : [`sets spec.template.spec.activeDeadlineSeconds ${pool}: it would end pods that wait, or soon after a wake`],
    ...spec?.template?.spec?.schedulingGates?.length
      ? [`sets spec.template.spec.schedulingGates ${pool}: leave it out`]
      : [],
  ];
}

function sizeIn(value: unknown): number | undefined {
  if (typeof value !== "string" || !/^[1-9][0-9]{0,2}$/.test(value)) return undefined;
  return Number(value) <= MOST ? Number(value) : undefined;
}

function isAssignPath(path: unknown): path is string {
  return typeof path === "string" && path.startsWith(PREFIX) && path.length > PREFIX.length && isUrlPath(path);
}
