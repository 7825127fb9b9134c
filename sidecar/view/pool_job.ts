import { createHash } from "node:crypto";
import type { V1Job } from "@kubernetes/client-node";
import { POOL_LABEL } from "./labels.ts";
import { type PodLake, UNASSIGNED_LAKE_VOLUME } from "./pod_lake.ts";
import { ownLabels, podTemplateOf } from "./pod_template.ts";
import type { Template } from "./template.ts";

/** On a pool's Job: the template's whole name. */
export const POOL_TEMPLATE_ANNOTATION = "view.yolean.se/template";

/** Seconds for which a pool lives if nobody renews its lease. */
export const POOL_LEASE = 600;

/** Pods of a Job until it completes, or fails: a pool does neither. */
const NEVER = 2_147_483_647;

/** What a pool gets besides its template. */
export interface PoolSettings {
  /** Labels that the configured selector requires. */
  readonly required: Readonly<Record<string, string>>;
  /** The lake as pods reach it; undefined where there is none. */
  readonly lake?: PodLake | undefined;
}

/** The warm pool that a template asks for. */
export interface WarmPool {
  readonly template: string;
  readonly size: number;
  /** Value of the pool's label. It has a digest of all that the pods are made from, so other pods have another one. */
  readonly label: string;
  /** Milliseconds after midnight at which the pool's day begins, so that not all pools change at once. */
  readonly dayBegins: number;
  /** The Job, without its name. */
  readonly job: V1Job;
}

/** The pool of a template; undefined if it asks for none. */
export function poolOf(
  name: string,
  { job, warm }: Pick<Template, "job" | "warm">,
  { required, lake }: PoolSettings,
): WarmPool | undefined {
  if (warm === undefined) return undefined;
  const rendered = (labels: Readonly<Record<string, string>>): V1Job => ({
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      labels: { ...ownLabels(job.metadata?.labels), ...labels },
      annotations: { [POOL_TEMPLATE_ANNOTATION]: name },
    },
    spec: {
      parallelism: warm.size,
      completions: NEVER,
      backoffLimit: NEVER,
      activeDeadlineSeconds: POOL_LEASE,
      ttlSecondsAfterFinished: 0,
      template: podTemplateOf(job.spec?.template, {
        labels,
        // It proves to the pod that an assignment comes from somebody who may read the pod.
        variables: [{ name: "VIEW_POD_UID", valueFrom: { fieldRef: { fieldPath: "metadata.uid" } } }],
        lake: lake && { lake, volume: UNASSIGNED_LAKE_VOLUME },
      }),
    },
  });
  const labels = { ...required, "app.kubernetes.io/managed-by": "view-gateway" };
  const digest = createHash("sha256").update(JSON.stringify(rendered(labels))).digest("hex");
  const short = shortened(name);
  const label = [...short === "" ? [] : [short], digest.slice(0, KEY_LENGTH)].join("-");
  return {
    template: name,
    size: warm.size,
    label,
    dayBegins: Number.parseInt(digest.slice(-8), 16) % DAY,
    job: rendered({ ...labels, [POOL_LABEL]: label }),
  };
}

/**
 * How the names of the pool's Jobs begin at this time, in milliseconds since the epoch: with a digit, so that no view has such
 * a name. It changes each day: a Job in which pods have failed is slow to start others, for its whole life.
 */
export function poolJobPrefix({ label, dayBegins }: Pick<WarmPool, "label" | "dayBegins">, now: number): string {
  return `${new Date(now - dayBegins).toISOString().slice(0, 10)}-warm-${label}-`;
}

/**
 * Name of a Job that is created for the pool at this time. Gateways that create it within the same seconds name it the same, so
 * that one of them is first. A later Job has another name. For one with the name of a Job that was deleted, the Job controller
 * may wait minutes for pods of the deleted one.
 */
export function poolJobName(pool: Pick<WarmPool, "label" | "dayBegins">, now: number): string {
  const time = Math.floor(((now - pool.dayBegins) % DAY + DAY) % DAY / MOMENT);
  return poolJobPrefix(pool, now) + time.toString(36).padStart(MOMENT_LENGTH, "0");
}

/** The Job of a pool that is created at this time. */
export function poolJobAt(pool: WarmPool, now: number): V1Job {
  return poolJobNamed(pool, poolJobName(pool, now));
}

/** The Job of a pool, with one of its names. */
export function poolJobNamed({ job }: WarmPool, name: string): V1Job {
  return { ...job, metadata: { ...job.metadata, name } };
}

/** Milliseconds. */
const DAY = 86_400_000;

/** Milliseconds in which a pool's Jobs have the same name, and the length of their number in the day. */
const MOMENT = 10_000;
const MOMENT_LENGTH = 3;

/** Hexadecimal digits. */
const KEY_LENGTH = 10;

/** What `2026-11-28-warm-`, the key, the time and their hyphens leave of the 63 characters that a label may have. */
const TEMPLATE_LENGTH = 32;

/** A template's name as a part of a Job's name. */
function shortened(name: string): string {
  const clean = name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-/, "");
  return clean.slice(0, TEMPLATE_LENGTH).replace(/-$/, "");
}
