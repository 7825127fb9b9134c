import { fileURLToPath } from "node:url";
import { parse, stringify } from "yaml";

/** An alert, as Prometheus reads it. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  /** Missing where the alert fires at once. */
  readonly for?: string;
  readonly labels: { readonly severity: "page" | "warning" };
  readonly annotations: { readonly summary: string; readonly description: string; readonly runbook_url: string };
}

export interface RuleGroup {
  readonly name: string;
  readonly rules: readonly AlertRule[];
}

const FILE = fileURLToPath(new URL("../../gateway/components/alerts/rules.yaml", import.meta.url));

/** The alerts of gateway/components/alerts. */
export async function shippedAlerts(): Promise<readonly RuleGroup[]> {
  return parse(await Deno.readTextFile(FILE)).spec.groups;
}

/** A file of rules for `rule_files` of a Prometheus without its operator. */
export function rulesFile(
  groups: readonly { readonly name: string; readonly rules: readonly Omit<AlertRule, "annotations">[] }[],
): string {
  return stringify({ groups });
}
