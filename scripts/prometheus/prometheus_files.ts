import { join } from "node:path";
import { type RuleGroup, rulesFile } from "../deploy/shipped_alerts.ts";

export interface PrometheusFiles {
  /** Between two scrapes, and between two looks at the rules: such as `5s`. */
  readonly every: string;
  /** How it finds its targets: a member of `scrape_configs`, such as `http_sd_configs`. */
  readonly discovery: object;
  readonly rules: readonly RuleGroup[];
}

/** Writes what a Prometheus reads into a directory. `prometheus.yaml` there is its configuration. */
export async function writePrometheusFiles(
  directory: string,
  { every, discovery, rules }: PrometheusFiles,
): Promise<void> {
  // https://prometheus.io/docs/prometheus/2.42/configuration/configuration/
  const configuration = {
    global: { scrape_interval: every, scrape_timeout: every, evaluation_interval: every },
    rule_files: ["rules.yaml"],
    scrape_configs: [{ job_name: "pods", ...discovery }],
  };
  await Deno.writeTextFile(join(directory, "rules.yaml"), rulesFile(rules));
  // JSON is YAML.
  await Deno.writeTextFile(join(directory, "prometheus.yaml"), JSON.stringify(configuration));
}
