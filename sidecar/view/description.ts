import type { V1Job } from "@kubernetes/client-node";

/** On a template's Job: what the template is for, in words for people who create views. */
export const DESCRIPTION_ANNOTATION = "view.yolean.se/description";

/** A template's Job without its description, so that other words for the same Job need no restart; and the description. */
export function withoutDescription(job: V1Job): { readonly job: V1Job; readonly description?: string } {
  const { metadata, ...others } = job;
  const { annotations, ...ofMetadata } = metadata ?? {};
  const { [DESCRIPTION_ANNOTATION]: description, ...ofAnnotations } = annotations ?? {};
  // Kubernetes refuses a value that is no text, and says so.
  if (typeof description !== "string") return { job };
  // Members keep their order, for the digest of the Job.
  const left = isSome(ofAnnotations) ? { ...metadata, annotations: ofAnnotations } : ofMetadata;
  return { job: isSome(left) ? { ...job, metadata: left } : others, description };
}

function isSome(object: object): boolean {
  return Object.keys(object).length > 0;
}
