import { parseDocument } from "yaml";
import { ASSIGN_ANNOTATION, WARM_ANNOTATION } from "../../sidecar/view/warm.ts";

/** Where the example's images take their assignment. */
export const EXAMPLE_ASSIGN_PATH = "/_gate/assign";

/** A workload template of the example, as text, with a pool of so many pods. */
export function warmTemplate(text: string, size: number): string {
  const template = parseDocument(text);
  const annotations = ["spec", "template", "metadata", "annotations"];
  template.setIn([...annotations, WARM_ANNOTATION], String(size));
  template.setIn([...annotations, ASSIGN_ANNOTATION], EXAMPLE_ASSIGN_PATH);
  return template.toString({ lineWidth: 0 });
}
