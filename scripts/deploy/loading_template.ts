import { parseDocument } from "yaml";

/** The default template, as text, for a view that loads for some seconds before it listens. */
export function loadingTemplate(text: string, seconds: number): string {
  const template = parseDocument(text);
  const env = [{ name: "START_DELAY", value: `${seconds}s` }];
  template.setIn(["spec", "template", "spec", "containers", 0, "env"], env);
  return template.toString({ lineWidth: 0 });
}
