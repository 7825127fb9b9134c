import type { V1Job } from "@kubernetes/client-node";
import type { View } from "@view-gateway/types";
import type { Terms } from "./lease.ts";
import { KEYS_IN_ENVIRONMENT, lakeVolume, type PodLake } from "./pod_lake.ts";
import { ownLabels, podTemplateOf } from "./pod_template.ts";
import { labelsOf } from "./labels.ts";

/** The view for which a Job is created. */
export interface Launch {
  readonly name: string;
  readonly serviceUid: string;
  readonly spec: View;
  /** Labels that the configured selector requires. */
  readonly required: Readonly<Record<string, string>>;
  readonly terms: Terms;
  /** The lake of a view with subsets; the credentials are in the Secret with the view's name. */
  readonly lake?: PodLake | undefined;
}

/**
 * The Job of a view: the template with the view's name, labels, owner, environment and lease. All else comes from the
 * template.
 */
export function jobOf(template: V1Job, launch: Launch): V1Job {
  const { name, spec } = launch;
  const labels = labelsOf(name, launch.required);
  const pod = template.spec?.template;
  const lake = spec.subsets.length > 0 ? launch.lake : undefined;
  const keys = pod?.metadata?.annotations?.[KEYS_IN_ENVIRONMENT] === "true";
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name,
      labels: { ...ownLabels(template.metadata?.labels), ...labels },
      ...(template.metadata?.annotations && { annotations: template.metadata.annotations }),
      ownerReferences: [{ apiVersion: "v1", kind: "Service", name, uid: launch.serviceUid, controller: true }],
    },
    spec: {
      backoffLimit: 0,
      ttlSecondsAfterFinished: FINISHED,
      ...template.spec,
      activeDeadlineSeconds: launch.terms.idle,
      template: podTemplateOf(pod, {
        labels,
        variables: [
          { name: "VIEW_NAME", value: name },
          { name: "VIEW_SUBSETS", value: JSON.stringify(spec.subsets) },
        ],
        lake: lake && { lake, volume: lakeVolume(name), ...keys && { keysFrom: name } },
      }),
    },
  };
}

/**
 * Seconds that an ended Job stays, unless its view wakes or the gateway deletes it: long enough to see why a start has failed,
 * and much longer than a pause between two starts.
 */
const FINISHED = 86_400;
