import type { View } from "@view-gateway/types";
import { labelsOf } from "./labels.ts";
import { DEFAULT_TARGET, type PodShape, type ServiceTarget, targetMismatch } from "./service_target.ts";
import type { Cause } from "./state.ts";
import type { Template } from "./template.ts";
import { templateNamed, type Templates } from "./templates.ts";

/** A view as far as its start needs it. */
export interface Startable {
  readonly name: string;
  readonly spec: View;
  /** Its Service's target; missing if it is the default one. */
  readonly target?: ServiceTarget | undefined;
}

/**
 * The template from which a view starts, or why it cannot start until its template or its Service changes.
 * @param required labels that the configured selector requires
 */
export function startOf(
  { name, spec, target = DEFAULT_TARGET }: Startable,
  templates: Templates,
  required: Readonly<Record<string, string>>,
): { readonly template: Template } | { readonly cause: Cause } {
  const found = templateNamed(templates, spec.template);
  if ("invalid" in found) return { cause: { reason: "InvalidTemplate", message: found.invalid } };
  const { template } = found;
  const shape = target === DEFAULT_TARGET ? template.shape : shapeFor(name, template.shape, required);
  const cause = targetMismatch(target, shape, `template ${spec.template ?? templates.defaultName}`);
  return cause === undefined ? { template } : { cause };
}

/** The shape of a view's pods: the template's, with labels from the gateway and from Kubernetes' Job controller. */
function shapeFor(name: string, { labels, ports }: PodShape, required: Readonly<Record<string, string>>): PodShape {
  const ofJob = { "batch.kubernetes.io/job-name": name, "job-name": name };
  return { labels: { ...labels, ...labelsOf(name, required), ...ofJob }, ports };
}
