import { createHash } from "node:crypto";
import type { V1Job } from "@kubernetes/client-node";
import type { View } from "@view-gateway/types";
import { scopesOf } from "./session_policy.ts";
import type { Template } from "./template.ts";

/** On a Job, as JSON: digests of the inputs that its pod keeps from start to end. */
const MADE_FROM_ANNOTATION = "view.yolean.se/made-from";

/**
 * Digests of the inputs that a pod keeps. The durations in the spec are not among them: each renewal of the lease reads them
 * again.
 */
export interface MadeFrom {
  readonly template: string;
  /** Independent of their order and spelling. */
  readonly subsets: string;
}

/** A member of the spec that has changed since the view's pod started. */
export type Outdated = "subsets" | "template";

export function madeFrom({ subsets }: View, { digest }: Pick<Template, "digest">): MadeFrom {
  return { template: digest, subsets: digestOf(subsets) };
}

/** The Job with this annotation. */
export function withMadeFrom(job: V1Job, made: MadeFrom): V1Job {
  const annotations = { ...job.metadata?.annotations, [MADE_FROM_ANNOTATION]: JSON.stringify(made) };
  return { ...job, metadata: { ...job.metadata, annotations } };
}

/** Reads this annotation of a Job; undefined if it is missing or invalid. */
export function readMadeFrom(annotations: Readonly<Record<string, string>> = {}): MadeFrom | undefined {
  try {
    const { template, subsets } = JSON.parse(annotations[MADE_FROM_ANNOTATION] ?? "");
    return typeof template === "string" && typeof subsets === "string" ? { template, subsets } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The members of the spec that have changed since the pod started.
 * @param template the spec's template at present; undefined if a view cannot start from it
 */
export function outdated(
  made: MadeFrom,
  { subsets }: View,
  template: Pick<Template, "digest"> | undefined,
): readonly Outdated[] {
  return [
    ...made.subsets === digestOf(subsets) ? [] : ["subsets" as const],
    ...template === undefined || made.template === template.digest ? [] : ["template" as const],
  ];
}

function digestOf(subsets: View["subsets"]): string {
  return createHash("sha256").update(JSON.stringify(scopesOf(subsets))).digest("hex").slice(0, 16);
}
