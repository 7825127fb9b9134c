import { createHash } from "node:crypto";
import type { V1Job } from "@kubernetes/client-node";

/** How many attempts at the same failed before this Job's, one after the other. */
const FAILURES_ANNOTATION = "view.yolean.se/failures";

/** The digest of what the Job is an attempt at. */
const DIGEST_ANNOTATION = "view.yolean.se/digest";

/**
 * Stands for all that a Job is made of: the view's spec, the template, the gateway's configuration. What is changed in
 * any of them may start where it failed before.
 */
export function digestOf(job: V1Job): string {
  return createHash("sha256").update(JSON.stringify(job)).digest("hex").slice(0, 16);
}

/** The Job with a note of the attempts before it. It is the only one there is of them: Kubernetes keeps it. */
export function withAttempt(job: V1Job, failures: number, digest: string): V1Job {
  const annotations = {
    ...job.metadata?.annotations,
    ...failures > 0 && { [FAILURES_ANNOTATION]: String(failures) },
    [DIGEST_ANNOTATION]: digest,
  };
  return { ...job, metadata: { ...job.metadata, annotations } };
}

/** What a Job's annotations tell of the attempts before it; nothing where they tell nothing that makes sense. */
export function readAttempt(annotations: Readonly<Record<string, string>> = {}): {
  readonly failures?: number;
  readonly digest?: string;
} {
  const failures = Number(annotations[FAILURES_ANNOTATION]);
  const digest = annotations[DIGEST_ANNOTATION];
  return {
    ...Number.isSafeInteger(failures) && failures > 0 && { failures },
    ...digest !== undefined && { digest },
  };
}
