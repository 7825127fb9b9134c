import type { V1Service } from "@kubernetes/client-node";
import type { View } from "@view-gateway/types";
import { validateView } from "./validate_view.ts";
import { labelsOf, NAME_LABEL } from "./labels.ts";
import type { LeaseBounds } from "./lease.ts";
import { isViewName } from "./name.ts";
import type { SpecResult } from "./objects.ts";
import { DEFAULT_TARGET, PORT_NAME, type SelectingService, targetOf } from "./service_target.ts";

/** On a view's Service: its spec as JSON. */
export const SPEC_ANNOTATION = "view.yolean.se/spec";

/**
 * On a view's Service: who created it through the API, by the name that Kubernetes knows them by. It is no JSON: every text
 * can be an annotation, so `kubectl annotate` can set it, and names are compared as they are.
 */
export const OWNER_ANNOTATION = "view.yolean.se/owner";

/** The Service of a view. */
export function serviceOf(
  { name, spec, owner }: { readonly name: string; readonly spec: View; readonly owner: string | undefined },
  required: Readonly<Record<string, string>>,
): V1Service {
  const annotations = {
    [SPEC_ANNOTATION]: JSON.stringify(spec),
    ...owner !== undefined && { [OWNER_ANNOTATION]: owner },
  };
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, labels: labelsOf(name, required), annotations },
    spec: {
      clusterIP: "None",
      publishNotReadyAddresses: true,
      selector: { [NAME_LABEL]: name },
      ports: [{ name: PORT_NAME, port: 80, targetPort: DEFAULT_TARGET.targetPort, appProtocol: "http" }],
    },
  };
}

/** The fields of a Service that make it a view. */
export interface ViewService extends SelectingService {
  /** The annotation `view.yolean.se/spec`; undefined if it is missing. */
  readonly spec: string | undefined;
}

/** The view's spec in a Service, or all reasons why the gateway cannot use it. */
export function specOf(service: ViewService, bounds: LeaseBounds): SpecResult {
  if (!isViewName(service.name)) return { invalid: `The Service's name ${service.name} is not an RFC 1035 label.` };
  const pointing = targetOf(service);
  const annotation = specIn(service.spec, bounds);
  const problems = [
    ..."problems" in pointing ? pointing.problems : [],
    ..."invalid" in annotation ? [annotation.invalid] : [],
  ];
  if ("problems" in pointing || "invalid" in annotation) return { invalid: problems.join(" ") };
  const { target } = pointing;
  return target === DEFAULT_TARGET ? annotation : { ...annotation, target };
}

function specIn(
  text: string | undefined,
  bounds: LeaseBounds,
): { readonly spec: View } | { readonly invalid: string } {
  if (text === undefined) return { invalid: `The Service has no annotation ${SPEC_ANNOTATION}.` };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { invalid: `The annotation ${SPEC_ANNOTATION} is not JSON: ${(error as Error).message}` };
  }
  const result = validateView("View", value, bounds);
  if ("value" in result) return { spec: result.value };
  const errors = result.errors.map(({ pointer, detail }) => `${pointer || "the value"} ${detail}`);
  return { invalid: `The annotation ${SPEC_ANNOTATION} is not a valid spec: ${errors.join("; ")}.` };
}
