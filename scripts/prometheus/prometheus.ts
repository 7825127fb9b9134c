/** A Prometheus for tests, with the shipped rules. It scrapes what others write into a folder. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { shippedAlerts } from "../deploy/shipped_alerts.ts";
import { prometheusBinaries } from "../packages/prometheus_binary.ts";
import { temporaryDirectory } from "../process/temporary_directory.ts";
import { unlessAbsent } from "../process/unless_absent.ts";
import { until } from "../process/until.ts";
import { fasterRules } from "./faster_rules.ts";
import { writePrometheusFiles } from "./prometheus_files.ts";

export interface PrometheusOptions {
  /** The path of a network namespace. */
  readonly netns: string;
  /** Where it listens in that network, such as `127.0.0.1:9090`. */
  readonly listen: string;
  /** By how much each duration of the shipped rules is divided. */
  readonly factor: number;
  /** Seconds between two scrapes, and between two looks at the rules. */
  readonly interval: number;
}

export interface RunningPrometheus extends AsyncDisposable {
  readonly url: string;
  /** Path of the folder of JSON files whose targets it scrapes. https://prometheus.io/docs/prometheus/2.42/configuration/configuration/#file_sd_config */
  readonly targets: string;
}

/** Runs until the end of the scope. */
export async function startPrometheus(
  { netns, listen, factor, interval }: PrometheusOptions,
  signal?: AbortSignal,
): Promise<RunningPrometheus> {
  const { prometheus } = await prometheusBinaries(signal);
  await using stack = new AsyncDisposableStack();
  const { path } = stack.use(await temporaryDirectory({ prefix: "view-gateway-prometheus-" }));
  const targets = join(path, "targets");
  await Deno.mkdir(targets);
  const every = `${interval}s`;
  const discovery = { file_sd_configs: [{ files: [join(targets, "*.json")], refresh_interval: every }] };
  await writePrometheusFiles(path, { every, discovery, rules: fasterRules(await shippedAlerts(), factor) });
  const log = join(path, "log");
  const args = [
    `--config.file=${join(path, "prometheus.yaml")}`,
    `--storage.tsdb.path=${join(path, "data")}`,
    `--web.listen-address=${listen}`,
  ];
  stack.use(
    await child(["nsenter", `--net=${netns}`, "--", prometheus, ...args], log),
  );
  const ready = async () => (await unlessAbsent(Deno.readTextFile(log)))?.includes("Server is ready") === true;
  await until("Prometheus is ready", ready, { milliseconds: 20_000, signal, explain: () => Deno.readTextFile(log) });
  const whole = stack.move();
  return {
    url: `http://${listen}`,
    targets,
    [Symbol.asyncDispose]: () => whole.disposeAsync(),
  };
}

/** A process that ends with the scope; a file has what it says. */
async function child([command, ...args]: readonly [string, ...string[]], log: string): Promise<AsyncDisposable> {
  const file = await open(log, "w");
  let started: ChildProcess;
  try {
    started = spawn(command, args, { stdio: ["ignore", file.fd, file.fd] });
    await once(started, "spawn");
  } finally {
    await file.close();
  }
  return {
    async [Symbol.asyncDispose]() {
      if (started.exitCode !== null || started.signalCode !== null) return;
      const ended = once(started, "exit");
      // It keeps nothing that is needed later.
      started.kill("SIGKILL");
      await ended;
    },
  };
}
