import { stages } from "./stages.ts";

/** kwok's configuration file: JSON documents, which are YAML. */
export function kwokConfiguration(): string {
  const options = {
    apiVersion: "config.kwok.x-k8s.io/v1alpha1",
    kind: "KwokConfiguration",
    options: { podPlayStageParallelism: 16 },
  };
  return [options, ...stages()].map((document) => JSON.stringify(document)).join("\n---\n");
}
