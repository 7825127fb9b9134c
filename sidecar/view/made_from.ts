import { createHash } from "node:crypto";
import type { V1Job } from "@kubernetes/client-node";
import type { View } from "@view-gateway/types";
import { scopesOf } from "./session_policy.ts";
import type { Template } from "./template.ts";

/** On a Job, as JSON: what of the view's spec its pod has from its start on, and keeps to its end. */
const MADE_FROM_ANNOTATION = "view.yolean.se/made-from";

/**
 * What of a spec a pod keeps, as digests. How long it may go on is no part of it: the next renewal of its lease asks the spec
 * again.
 */
export interface MadeFrom {
  readonly template: string;
  /** Whatever their order and spelling. */
  readonly subsets: string;
}

/** A member of the spec that a view's pod has from a former one. */
export type Outdated = "subsets" | "template";

export function madeFrom({ subsets }: View, { digest }: Pick<Template, "digest">): MadeFrom {
  return { template: digest, subsets: digestOf(subsets) };
}

/** The Job with a note of what it is made from. */
export function withMadeFrom(job: V1Job, made: MadeFrom): V1Job {
  const annotations = { ...job.metadata?.annotations, [MADE_FROM_ANNOTATION]: JSON.stringify(made) };
  return { ...job, metadata: { ...job.metadata, annotations } };
}

/** What a Job's annotations tell of what it is made from; undefined where they tell nothing that makes sense. */
export function readMadeFrom(annotations: Readonly<Record<string, string>> = {}): MadeFrom | undefined {
  try {
    const { template, subsets } = JSON.parse(annotations[MADE_FROM_ANNOTATION] ?? "");
    return typeof template === "string" && typeof subsets === "string" ? { template, subsets } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The members of a spec that a pod does not have which was made from another one.
 * @param template the one that the spec names, as it is now; undefined where a view cannot start from it
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
