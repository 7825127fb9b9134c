import { parseDocument } from "yaml";

/** A workload template, as text, whose container requests so much of a processor, such as `10m`. */
export function templateWithCpu(text: string, cpu: string): string {
  const template = parseDocument(text);
  template.setIn(["spec", "template", "spec", "containers", 0, "resources", "requests", "cpu"], cpu);
  return template.toString({ lineWidth: 0 });
}
