import { parseDocument } from "yaml";

/** Where the example's images take their assignment. */
const ASSIGN_PATH = "/_gate/assign";

/** A workload template of the example, as text, of which so many pods wait, started, for a view. */
export function warmTemplate(text: string, size: number): string {
  const template = parseDocument(text);
  const annotations = ["spec", "template", "metadata", "annotations"];
  template.setIn([...annotations, "view.yolean.se/warm"], String(size));
  template.setIn([...annotations, "view.yolean.se/assign"], ASSIGN_PATH);
  return template.toString({ lineWidth: 0 });
}
