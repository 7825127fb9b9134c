/** Tries one alert on made-up series, by `promtool test rules`. */
import { join } from "node:path";
import { type AlertRule, rulesFile } from "../../../../scripts/deploy/shipped_alerts.ts";
import { prometheusBinaries } from "../../../../scripts/packages/prometheus_binary.ts";
import { runCommand } from "../../../../scripts/process/command.ts";
import { temporaryDirectory } from "../../../../scripts/process/temporary_directory.ts";

type Labels = Readonly<Record<string, string>>;

/** The values of a series, one each half minute; undefined where it is missing. */
export type Values = readonly (number | undefined)[];

/** Minutes before, while and after something happens. */
const [CALM, FAULT, AFTER] = [30, 60, 60];

export interface Story {
  /** What happens, beginning after half an hour and mostly for an hour. */
  readonly what: string;
  /** By name and labels. */
  readonly series: Readonly<Record<string, Values>>;
  /** The alerts that fire, and from which minute to which since it began; missing where none does. */
  readonly fires?: {
    readonly from: number;
    readonly to: number;
    readonly labels: readonly Labels[];
    /** The description of the only alert; missing where no story asks for it. */
    readonly says?: string;
  };
}

/** A gauge, of which a value may be missing. */
export function level(calm: number | undefined, fault: number | undefined, minutes: number = FAULT): Values {
  return [...half(CALM, calm), ...half(minutes, fault), ...half(FAULT - minutes + AFTER, calm)];
}

/** A counter that grows evenly, by so many a minute. */
export function rate(calm: number, fault: number, minutes: number = FAULT): Values {
  return summed([...half(CALM, calm / 2), ...half(minutes, fault / 2), ...half(FAULT - minutes + AFTER, calm / 2)]);
}

/** A counter that grows by 1 at these minutes. */
export function events(...minutes: readonly number[]): Values {
  const at = minutes.map((minute) => (CALM + minute) * 2);
  return summed(half(CALM + FAULT + AFTER, 0).map((_, i) => at.filter((other) => other === i).length));
}

function half<Value>(minutes: number, value: Value): readonly Value[] {
  return Array.from({ length: minutes * 2 }, () => value);
}

function summed(steps: readonly number[]): Values {
  let sum = 0;
  return steps.map((step) => sum += step);
}

/** The name of a series of one container, as a scrape gives it. */
export function of(name: string, labels: Labels = {}, pod = "a", container = "sidecar"): string {
  const all = {
    ...labels,
    namespace: "view-gateway",
    pod,
    container,
    job: "view-gateway",
    instance: `${pod}:${container}`,
  };
  return `${name}{${Object.entries(all).map(([label, value]) => `${label}="${value}"`).join(",")}}`;
}

/**
 * Tries all stories of a rule.
 * @throws CommandError that says which fires when it should not, or does not fire
 */
export async function tryStories(rule: AlertRule, stories: readonly Story[]): Promise<void> {
  await using directory = await temporaryDirectory({ prefix: "alert-" });
  // promtool compares all annotations or none.
  const { annotations: _, ...bare } = rule;
  const rules = [bare, { ...rule, alert: SAYS }];
  await Deno.writeTextFile(join(directory.path, "rules.yaml"), rulesFile([{ name: "tried", rules }]));
  const tests = {
    rule_files: ["rules.yaml"],
    evaluation_interval: "30s",
    tests: stories.map((story) => promtoolTest(rule, story)),
  };
  // JSON is YAML.
  await Deno.writeTextFile(join(directory.path, "tests.yaml"), JSON.stringify(tests));
  const { promtool } = await prometheusBinaries();
  await runCommand(promtool, ["test", "rules", join(directory.path, "tests.yaml")]);
}

/** The same rule with its annotations. */
const SAYS = "Says";

function promtoolTest({ alert, labels: { severity }, annotations }: AlertRule, { what, series, fires }: Story): object {
  const at = (minute: number, firing: boolean) => ({
    eval_time: `${(CALM + minute) * 60}s`,
    alertname: alert,
    exp_alerts: firing ? fires?.labels.map((labels) => ({ exp_labels: { ...labels, severity } })) ?? [] : [],
  });
  const said = fires?.says === undefined ? [] : [{
    eval_time: `${(CALM + fires.to - 1) * 60}s`,
    alertname: SAYS,
    exp_alerts: fires.labels.map((labels) => ({
      exp_labels: { ...labels, severity },
      exp_annotations: { ...annotations, description: fires.says },
    })),
  }];
  // At each evaluation: an alert that fires for a moment wakes somebody too.
  const never = half(CALM + FAULT + AFTER, false).map((_, i) => at(i / 2 - CALM, false));
  return {
    name: what,
    interval: "30s",
    input_series: Object.entries(series).map(([series, values]) => ({
      series,
      values: values.map((value) => value ?? "_").join(" "),
    })),
    alert_rule_test: fires === undefined ? never : [
      at(-1, false),
      at(fires.from - 1, false),
      at(fires.from + 1, true),
      at(fires.to - 1, true),
      at(fires.to + 1, false),
      at(FAULT + AFTER - 1, false),
      ...said,
    ],
  };
}
