import type { V1Container, V1Job } from "@kubernetes/client-node";
import type { View } from "@view-gateway/types";
import { firstLease, type Terms } from "./lease.ts";
import { labelsOf } from "./service.ts";

/** What a Job is made for. */
export interface Launch {
  readonly name: string;
  readonly serviceUid: string;
  readonly spec: View;
  /** Labels that the configured selector asks for. */
  readonly required: Readonly<Record<string, string>>;
  readonly terms: Terms;
}

/**
 * The Job that runs a view: the template, with the view's name, labels, owner, environment and lease. Everything else
 * is the template's.
 */
export function jobOf(template: V1Job, launch: Launch): V1Job {
  const { name, spec } = launch;
  const labels = labelsOf(name, launch.required);
  const pod = template.spec?.template;
  const withView = (container: V1Container): V1Container => ({
    ...container,
    env: [
      ...(container.env ?? []).filter(({ name }) => name !== "VIEW_NAME" && name !== "VIEW_SUBSETS"),
      { name: "VIEW_NAME", value: name },
      { name: "VIEW_SUBSETS", value: JSON.stringify(spec.subsets) },
    ],
  });
  const initContainers = pod?.spec?.initContainers;
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name,
      labels: { ...template.metadata?.labels, ...labels },
      ...(template.metadata?.annotations && { annotations: template.metadata.annotations }),
      ownerReferences: [{ apiVersion: "v1", kind: "Service", name, uid: launch.serviceUid, controller: true }],
    },
    spec: {
      backoffLimit: 0,
      ...template.spec,
      activeDeadlineSeconds: firstLease(launch.terms),
      template: {
        ...pod,
        metadata: { ...pod?.metadata, labels: { ...pod?.metadata?.labels, ...labels } },
        spec: {
          ...pod?.spec,
          restartPolicy: "Never",
          containers: (pod?.spec?.containers ?? []).map(withView),
          ...(initContainers && { initContainers: initContainers.map(withView) }),
        },
      },
    },
  };
}
