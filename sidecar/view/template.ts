import { createHash } from "node:crypto";
import type { V1Job } from "@kubernetes/client-node";
import { parseAllDocuments } from "yaml";
import { type PodShape, shapeOf } from "./routable.ts";
import { startProbeProblem } from "./start_probe.ts";

/** A workload template: what views' Jobs are made from. */
export interface Template {
  readonly job: V1Job;
  /** Of the pods that it describes, without what each view adds. */
  readonly shape: PodShape;
  /** Stands for all of it. */
  readonly digest: string;
}

/** A template, or why there is none that a view can start from; the message names the template. */
export type TemplateResult = { readonly template: Template } | { readonly invalid: string };

/** Reads a template, or finds all that is wrong with it, as far as that can be known without Kubernetes. */
export function readTemplate(text: string, name: string): TemplateResult {
  const read = manifestIn(text);
  const problems = "problem" in read ? [read.problem] : problemsOf(read.job);
  if ("problem" in read || problems.length > 0) return { invalid: `Template ${name} ${problems.join("; ")}.` };
  const { job } = read;
  const pod = job.spec?.template;
  const digest = createHash("sha256").update(JSON.stringify(job)).digest("hex").slice(0, 16);
  return { template: { job, shape: shapeOf(pod?.metadata, pod?.spec), digest } };
}

/** A problem is the end of a sentence that names the template. */
function manifestIn(text: string): { readonly job: V1Job } | { readonly problem: string } {
  const parsed = parseAllDocuments(text);
  const error = parsed.flatMap(({ errors }) => errors)[0];
  if (error !== undefined) return { problem: `is not YAML: ${error.message.trim().replace(/:?\n[^]*/, "")}` };
  // Between two separators there may be nothing, which kubectl leaves out too.
  const documents: unknown[] = parsed.map((document) => document.toJS()).filter((value) => value !== null);
  if (documents.length > 1) {
    return { problem: `has ${documents.length} documents: it must be one Job and nothing else` };
  }
  const value = documents[0];
  const { apiVersion, kind } = (value ?? {}) as Partial<V1Job>;
  if (kind !== "Job" || apiVersion !== "batch/v1") {
    return { problem: "is not a Job: it must be a manifest with apiVersion: batch/v1 and kind: Job" };
  }
  return { job: value as V1Job };
}

function problemsOf({ metadata, spec }: V1Job): readonly string[] {
  const pod = spec?.template;
  const containers: unknown = pod?.spec?.containers;
  const annotations = { job: metadata?.annotations, pod: pod?.metadata?.annotations };
  const probe = startProbeProblem(annotations);
  return [
    ...Array.isArray(containers) && containers.length > 0
      ? []
      : ["has no container: list one in spec.template.spec.containers"],
    ...probe === undefined ? [] : [probe],
  ];
}
