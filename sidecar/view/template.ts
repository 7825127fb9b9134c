import { createHash } from "node:crypto";
import type { V1Job } from "@kubernetes/client-node";
import { parseAllDocuments } from "yaml";
import { withoutDescription } from "./description.ts";
import { fieldProblems } from "./manifest_fields.ts";
import { type PodShape, shapeOf } from "./service_target.ts";
import { startProbeProblem } from "./start_probe.ts";
import { type Warm, warmOf, warmProblems, withoutWarm } from "./warm.ts";

/** A workload template, from which views' Jobs are created. */
export interface Template {
  /** Without its description. */
  readonly job: V1Job;
  /** Of its pods, without the additions of each view. */
  readonly shape: PodShape;
  /** Identifies what a view's pod is made from: this Job, whatever pool its template asks for. */
  readonly digest: string;
  /** The pool of its pods; missing if it has none. */
  readonly warm?: Warm;
  /** What it is for; missing where nobody has said so. */
  readonly description?: string;
}

/** A template, or why a view cannot start from it; the message names the template. */
export type TemplateResult = { readonly template: Template } | { readonly invalid: string };

/** Parses a template, or finds all its problems that can be found without Kubernetes. */
export function readTemplate(text: string, name: string): TemplateResult {
  const read = manifestIn(text);
  const problems = "problem" in read ? [read.problem] : problemsOf(read.job);
  if ("problem" in read || problems.length > 0) {
    return { invalid: `Template ${name} ${problems.join("; ").replace(/[^?]$/, "$&.")}` };
  }
  const { job, description } = withoutDescription(read.job);
  const pod = job.spec?.template;
  const digest = createHash("sha256").update(JSON.stringify(withoutWarm(job))).digest("hex").slice(0, 16);
  const warm = warmOf(pod?.metadata?.annotations);
  const shape = shapeOf(pod?.metadata, pod?.spec);
  return { template: { job, shape, digest, ...warm && { warm }, ...description !== undefined && { description } } };
}

/** A problem is the end of a sentence that names the template. */
function manifestIn(text: string): { readonly job: V1Job } | { readonly problem: string } {
  const parsed = parseAllDocuments(text, { merge: true });
  const error = parsed.flatMap(({ errors }) => errors)[0];
  if (error !== undefined) return { problem: `is not YAML: ${error.message.trim().replace(/:?\n[^]*/, "")}` };
  // An empty document between two separators is ignored, as kubectl does.
  let documents: readonly unknown[];
  try {
    documents = parsed.map((document) => document.toJS()).filter((value) => value !== null);
  } catch (error) {
    // An alias without an anchor, or too many aliases.
    return { problem: `is not YAML: ${(error as Error).message}` };
  }
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

function problemsOf(job: V1Job): readonly string[] {
  const { metadata, spec } = job;
  const pod = spec?.template;
  const containers: unknown = pod?.spec?.containers;
  const probe = startProbeProblem({ job: metadata?.annotations, pod: pod?.metadata?.annotations });
  return [
    ...fieldProblems(job).map((problem) => `has a mistake: ${problem}`),
    ...Array.isArray(containers) && containers.length > 0
      ? []
      : ["has no container: list one in spec.template.spec.containers"],
    ...probe === undefined ? [] : [probe],
    ...warmProblems(job),
    ...overridden(spec),
    ...withoutPod(spec),
  ];
}

/** Fields in the template that the gateway sets. */
function overridden(spec: V1Job["spec"]): readonly string[] {
  const restartPolicy = spec?.template?.spec?.restartPolicy;
  return [
    ...spec?.activeDeadlineSeconds === undefined ? [] : [
      "sets spec.activeDeadlineSeconds, which the gateway sets as the view's lease: leave it out, and set the view's " +
      "idleSeconds or maxLifetimeSeconds",
    ],
    ...restartPolicy === undefined || restartPolicy === "Never" ? [] : [
      `sets spec.template.spec.restartPolicy to ${restartPolicy}, where the gateway sets Never: leave it out`,
    ],
  ];
}

/** Fields by which a Job would never have a pod. */
function withoutPod(spec: V1Job["spec"]): readonly string[] {
  return [
    ...spec?.suspend === true ? ["sets spec.suspend, so that its Job never has a pod: leave it out"] : [],
    ...(["parallelism", "completions"] as const).flatMap((field) =>
      spec?.[field] === 0 ? [`sets spec.${field} to 0, so that its Job never has a pod: leave it out`] : []
    ),
  ];
}
