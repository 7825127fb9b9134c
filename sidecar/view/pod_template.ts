import type { V1Container, V1EnvVar, V1PodTemplateSpec } from "@kubernetes/client-node";
import { ASSIGNED_ANNOTATION, CLAIMED_FROM_ANNOTATION, CREDENTIALS_END_ANNOTATION } from "./claim.ts";
import { NAME_LABEL, POOL_LABEL } from "./labels.ts";
import { type LakeFiles, withLake, withLakeVolume } from "./pod_lake.ts";

/** What the gateway adds to the pod of a template. */
export interface PodAdditions {
  readonly labels: Readonly<Record<string, string>>;
  /** Replace a container's own of the same names. */
  readonly variables: readonly V1EnvVar[];
  /** Undefined where the pod gets nothing of the lake. */
  readonly lake?: LakeFiles | undefined;
}

/** Variables that only the gateway sets. */
const OF_A_VIEW = ["VIEW_NAME", "VIEW_SUBSETS"];

/** The pod of a template with these additions. All else comes from the template. */
export function podTemplateOf(
  template: V1PodTemplateSpec | undefined,
  { labels, variables, lake }: PodAdditions,
): V1PodTemplateSpec {
  const replaced = new Set([...OF_A_VIEW, ...variables.map(({ name }) => name)]);
  const contained = (container: V1Container): V1Container => {
    const added: V1Container = {
      // The status of a crashed container then contains the end of its log, from which the cause is derived.
      terminationMessagePolicy: "FallbackToLogsOnError",
      ...container,
      env: [...(container.env ?? []).filter(({ name }) => !replaced.has(name)), ...variables],
    };
    return lake === undefined ? added : withLake(added, lake);
  };
  const { spec, metadata } = template ?? {};
  return {
    ...template,
    metadata: {
      ...metadata,
      ...metadata?.annotations && { annotations: withoutNotes(metadata.annotations) },
      labels: { ...ownLabels(metadata?.labels), ...labels },
    },
    spec: {
      ...spec,
      restartPolicy: "Never",
      containers: (spec?.containers ?? []).map(contained),
      ...spec?.initContainers && { initContainers: spec.initContainers.map(contained) },
      ...lake && { volumes: withLakeVolume(spec?.volumes, lake.volume) },
    },
  };
}

/** The labels of a template, without those by which the gateway knows a view's and a pool's objects. */
export function ownLabels(labels: Readonly<Record<string, string>> | null | undefined): Record<string, string> {
  const { [NAME_LABEL]: _view, [POOL_LABEL]: _pool, ...own } = labels ?? {};
  return own;
}

/** A template's annotations, without those by which the gateway knows a claimed pod: somebody may have copied a pod. */
function withoutNotes(annotations: Readonly<Record<string, string>>): Record<string, string> {
  const {
    [CLAIMED_FROM_ANNOTATION]: _from,
    [ASSIGNED_ANNOTATION]: _assigned,
    [CREDENTIALS_END_ANNOTATION]: _end,
    ...own
  } = annotations;
  return own;
}
