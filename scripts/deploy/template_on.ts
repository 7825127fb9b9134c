import { parseDocument } from "yaml";

/** Where pods may run, as their spec says it. */
export interface Placement {
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly object[];
}

/** A workload template, as text, whose pods run there and have these annotations too. */
export function templateOn(
  text: string,
  { nodeSelector, tolerations }: Placement,
  annotations: Readonly<Record<string, string>> = {},
): string {
  const template = parseDocument(text);
  const pod = ["spec", "template"];
  template.setIn([...pod, "spec", "nodeSelector"], nodeSelector);
  template.setIn([...pod, "spec", "tolerations"], tolerations);
  for (const [name, value] of Object.entries(annotations)) {
    template.setIn([...pod, "metadata", "annotations", name], value);
  }
  return template.toString({ lineWidth: 0 });
}
