/** No alert fires where nothing is wrong: what gateways that have just started tell Prometheus, for two hours. */
import { join } from "node:path";
import { rulesFile, shippedAlerts } from "../../../scripts/deploy/shipped_alerts.ts";
import { prometheusBinaries } from "../../../scripts/packages/prometheus_binary.ts";
import { runCommand } from "../../../scripts/process/command.ts";
import { temporaryDirectory } from "../../../scripts/process/temporary_directory.ts";
import type { Config } from "@view-gateway/types";
import { clusterTest } from "../../../sidecar/kubernetes/testing/namespace.ts";
import { Replica } from "../../../sidecar/testing/replica.ts";

/** Scrapes, one each half minute. */
const [BEFORE, STARTS, AFTER] = [120, 2, 120];

/** What Prometheus gets from a pod. */
interface Pod {
  readonly name: string;
  /** By container: what it answers. */
  readonly texts: Readonly<Record<string, string>>;
}

/** Values in promtool's notation, of a series of the pod that is there from the begin, until the other one starts. */
const first = (value: string) => `${value}+0x${BEFORE + STARTS} stale`;
/** The same of the pod that starts then. */
const second = (value: string) => `_x${BEFORE + STARTS} ${value}+0x${AFTER}`;
/** Whether it answers: not while it starts. */
const secondUp = `_x${BEFORE} 0+0x${STARTS - 1} 1+0x${AFTER}`;
const whole = (value: string) => `${value}+0x${BEFORE + STARTS + AFTER}`;

function seriesOf({ name, texts }: Pod, values: (value: string) => string, up: string) {
  return Object.entries(texts).flatMap(([container, text]) => {
    const own = `job="view-gateway",namespace="view-gateway",pod="${name}",container="${container}"`;
    const lines = text.split("\n").map((line) => /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line)).filter((line) =>
      line !== null
    );
    return [
      { series: `up{${own}}`, values: up },
      ...lines.map(([, metric, labels = "", value]) => ({
        series: `${metric}{${labels}${labels === "" || labels.endsWith(",") ? "" : ","}${own}}`,
        values: values(value!),
      })),
    ];
  });
}

/** @throws CommandError that says which alert fires */
async function requireSilence(stories: Readonly<Record<string, ReturnType<typeof seriesOf>>>): Promise<void> {
  await using directory = await temporaryDirectory({ prefix: "fresh-" });
  const groups = await shippedAlerts();
  const names = new Set(groups.flatMap(({ rules }) => rules.map(({ alert }) => alert)));
  const minutes = Array.from({ length: 24 }, (_, i) => (i + 1) * 5);
  const tests = Object.entries(stories).map(([name, input_series]) => ({
    name,
    interval: "30s",
    input_series,
    alert_rule_test: minutes.flatMap((minute) =>
      [...names].map((alertname) => ({ alertname, eval_time: `${minute}m`, exp_alerts: [] }))
    ),
  }));
  await Deno.writeTextFile(join(directory.path, "rules.yaml"), rulesFile(groups));
  const file = { rule_files: ["rules.yaml"], evaluation_interval: "30s", tests };
  // JSON is YAML.
  await Deno.writeTextFile(join(directory.path, "tests.yaml"), JSON.stringify(file));
  const { promtool } = await prometheusBinaries();
  await runCommand(promtool, ["test", "rules", join(directory.path, "tests.yaml")]);
}

const GATEWAYS: Readonly<Record<string, Partial<Config>>> = {
  "without sign-in and lake": {},
  "with sign-in and a lake": {
    ...{ authentication: "kubernetes", lakeRoleArn: "arn:aws:iam::000000000000:role/lake" },
    s3Endpoint: "http://127.0.0.1:1",
  },
};

for (const [what, config] of Object.entries(GATEWAYS)) {
  clusterTest(`a fresh gateway ${what} raises no alert, also while its only pod is replaced`, async (namespace) => {
    await using replica = await Replica.start(namespace, { config });
    const sidecar = (await replica.probe("/metrics")).text;
    const envoy = await replica.envoy!.admin("/stats/prometheus");
    const pod = (name: string) => ({ name, texts: { sidecar, envoy } });
    await requireSilence({
      "it stands": seriesOf(pod("a"), whole, whole("1")),
      "it is replaced": [...seriesOf(pod("a"), first, first("1")), ...seriesOf(pod("b"), second, secondUp)],
    });
  });
}
