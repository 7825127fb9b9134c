import type { V1Service } from "@kubernetes/client-node";
import type { View } from "@view-gateway/types";
import { checked } from "./checked.ts";
import type { LeaseBounds } from "./lease.ts";
import { isViewName } from "./name.ts";
import type { SpecResult } from "./objects.ts";

/** Names the view on each of its objects, and selects its pods. */
export const NAME_LABEL = "view.yolean.se/name";

/** Holds the view's spec as JSON, on its Service. */
export const SPEC_ANNOTATION = "view.yolean.se/spec";

/** The labels of everything that belongs to a view; `required` are those that the configured selector asks for. */
export function labelsOf(name: string, required: Readonly<Record<string, string>>): Record<string, string> {
  return { ...required, [NAME_LABEL]: name, "app.kubernetes.io/managed-by": "view-gateway" };
}

/** The Service that a view is. */
export function serviceOf(name: string, spec: View, required: Readonly<Record<string, string>>): V1Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, labels: labelsOf(name, required), annotations: { [SPEC_ANNOTATION]: JSON.stringify(spec) } },
    spec: {
      clusterIP: "None",
      publishNotReadyAddresses: true,
      selector: { [NAME_LABEL]: name },
      ports: [{ name: "http", port: 80, targetPort: "http", appProtocol: "http" }],
    },
  };
}

/** What of a Service makes it a view. */
export interface ViewService {
  readonly name: string;
  /** `spec.clusterIP` is `None`. */
  readonly headless: boolean;
  /** The annotation `view.yolean.se/spec`, as it stands; undefined where it is missing. */
  readonly spec: string | undefined;
  readonly selector: Readonly<Record<string, string>>;
}

/** The spec that a Service holds, or why it holds none that the gateway can use. */
export function specOf(service: ViewService, bounds: LeaseBounds): SpecResult {
  if (!isViewName(service.name)) return { invalid: `The Service's name ${service.name} is not an RFC 1035 label.` };
  if (!service.headless) return { invalid: "The Service is not headless: set spec.clusterIP to None." };
  if (service.selector[NAME_LABEL] !== service.name) {
    return {
      invalid: `The Service does not select its view's pods: set spec.selector to ${NAME_LABEL}: ${service.name}.`,
    };
  }
  if (service.spec === undefined) return { invalid: `The Service has no annotation ${SPEC_ANNOTATION}.` };
  let value: unknown;
  try {
    value = JSON.parse(service.spec);
  } catch (error) {
    return { invalid: `The annotation ${SPEC_ANNOTATION} is not JSON: ${(error as Error).message}` };
  }
  const result = checked("View", value, bounds);
  if ("value" in result) return { spec: result.value };
  const errors = result.errors.map(({ pointer, detail }) => `${pointer || "the value"} ${detail}`);
  return { invalid: `The annotation ${SPEC_ANNOTATION} is not a valid spec: ${errors.join("; ")}.` };
}
