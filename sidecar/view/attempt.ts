import { createHash } from "node:crypto";
import type { V1Job } from "@kubernetes/client-node";

/** On a Job: how many consecutive attempts with the same digest failed before it. */
const FAILURES_ANNOTATION = "view.yolean.se/failures";

/** On a Job: its digest, see `digestOf`. */
const DIGEST_ANNOTATION = "view.yolean.se/digest";

/**
 * Identifies all of a Job's inputs: the view's spec, the template and the gateway's configuration. A changed input may start
 * where the former one failed.
 */
export function digestOf(job: V1Job): string {
  return createHash("sha256").update(JSON.stringify(job)).digest("hex").slice(0, 16);
}

/** The Job with annotations about the attempts before it. Nothing else records them. */
export function withAttempt(job: V1Job, failures: number, digest: string): V1Job {
  const annotations = {
    ...job.metadata?.annotations,
    ...failures > 0 && { [FAILURES_ANNOTATION]: String(failures) },
    [DIGEST_ANNOTATION]: digest,
  };
  return { ...job, metadata: { ...job.metadata, annotations } };
}

/** Reads these annotations of a Job; ignores invalid ones. */
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
