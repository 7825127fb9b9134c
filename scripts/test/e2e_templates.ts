import { type Document, parseDocument } from "yaml";
import { warmTemplate } from "../deploy/warm_template.ts";

/** How many pods of the warm template wait, started, for a view. */
const WARM = 2;

const container = ["spec", "template", "spec", "containers", 0];
const startProbe = ["spec", "template", "metadata", "annotations", "view.yolean.se/start-probe"];

/** How each template of the end-to-end tests differs from the default one. */
const changes: Readonly<Record<string, (template: Document) => void>> = {
  // Ready some seconds after it has started.
  slow: (template) => {
    template.deleteIn(startProbe);
    template.setIn([...container, "readinessProbe", "initialDelaySeconds"], 6);
  },
  // Ready long after it serves, as far as the kubelet knows.
  probed: (template) => template.setIn([...container, "readinessProbe", "initialDelaySeconds"], 60),
  // Runs, and says of itself that it is not ready.
  "never-ready": (template) => {
    template.deleteIn(startProbe);
    template.setIn([...container, "readinessProbe", "httpGet", "path"], "/status?code=503");
  },
  // Nothing listens there, so that no network is asked.
  "no-image": (template) => template.setIn([...container, "image"], "127.0.0.1:1/none:v1"),
  "too-large": (template) => template.setIn([...container, "resources", "requests", "cpu"], "10k"),
  // Answers on a port of another name than the Services of the API point to.
  "web-port": (template) => {
    template.setIn([...container, "ports", 0, "name"], "web");
    template.setIn([...container, "readinessProbe", "httpGet", "port"], "web");
  },
  crashes: (template) => template.setIn([...container, "env"], [{ name: "PORT", value: "none" }]),
};

/** Workload templates of the end-to-end tests, made from the default one: as text, by name. */
export function e2eTemplates(text: string): Readonly<Record<string, string>> {
  const changed = Object.entries(changes).map(([name, change]) => {
    const template = parseDocument(text);
    change(template);
    return [name, template.toString({ lineWidth: 0 })];
  });
  // A template of its own: stories about cold starts and their pods stay what they are.
  return { ...Object.fromEntries(changed), "default-warm": warmTemplate(text, WARM) };
}

/** The default template, with pods that report at a URL what was delivered to them. */
export function recordedTemplate(text: string, url: string): string {
  const template = parseDocument(text);
  template.setIn([...container, "env"], [{ name: "DELIVERIES_URL", value: url }]);
  return template.toString({ lineWidth: 0 });
}
