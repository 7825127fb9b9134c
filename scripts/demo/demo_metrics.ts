/** What `--metrics` adds to the demo: a Prometheus that scrapes the gateway, with the alerts that operators get. */
import { fileURLToPath } from "node:url";
import { endForward, type NodeCluster, type NodeGuests } from "../cluster/node/node.ts";
import { shippedAlerts } from "../deploy/shipped_alerts.ts";
import { prometheusBinaries } from "../packages/prometheus_binary.ts";
import { step } from "../process/step.ts";
import { writePrometheusFiles } from "../prometheus/prometheus_files.ts";
import { unlessAbsent } from "../process/unless_absent.ts";
import { denoProgram, localUrl, untilAnswers, untilListens } from "./demo_guest.ts";

/** Of this machine's loopback address, and of the node's. */
export const PROMETHEUS_PORT = 9090;

const NAMES = { prometheus: "prometheus", targets: "targets" } as const;

/** Between two scrapes, and between two looks at the rules. Operators have longer ones. */
const INTERVAL = "5s";

/** In the node's network: where the program listens that tells Prometheus of the gateway's pods. */
const TARGETS_ADDRESS = "127.0.0.1:9099";

/** Answers the URL of Prometheus' pages. */
export async function startMetrics(
  guests: NodeGuests,
  { insideKubeconfig }: NodeCluster,
  namespace: string,
  signal: AbortSignal,
): Promise<string> {
  const { prometheus, webAssets } = await prometheusBinaries(signal);
  const directory = guests.directory(NAMES.prometheus);
  await step("Starting Prometheus", async () => {
    await guests.end(NAMES.prometheus);
    // What it has measured of an earlier gateway would mislead.
    await unlessAbsent(Deno.remove(directory, { recursive: true }));
    await Deno.mkdir(directory, { recursive: true });
    await writePrometheusFiles(directory, { every: INTERVAL, discovery: DISCOVERY, rules: await shippedAlerts() });
    const command = [
      // Its pages show where the rules are: a name without this machine's folders.
      ...["env", `--chdir=${directory}`, prometheus, "--config.file=prometheus.yaml", "--storage.tsdb.path=data"],
      ...[`--web.listen-address=127.0.0.1:${PROMETHEUS_PORT}`, `--web.external-url=${localUrl(PROMETHEUS_PORT, "/")}`],
      ...webAssets === undefined ? [] : [`--web.local-assets=${webAssets}`],
    ] as const;
    const main = fileURLToPath(new URL("targets/main.ts", import.meta.url));
    const targets = denoProgram(main, [TARGETS_ADDRESS, insideKubeconfig, namespace]);
    // A Prometheus that finds it away asks again only seconds later.
    await guests.start({ name: NAMES.targets, command: targets });
    await untilListens(guests, NAMES.targets, signal);
    await guests.start({ name: NAMES.prometheus, command });
    await guests.forward(PROMETHEUS_PORT, signal);
    const ready = localUrl(PROMETHEUS_PORT, "/-/ready");
    const requireAlive = () => guests.requireAlive(NAMES.prometheus);
    await untilAnswers("Prometheus", ready, requireAlive, signal);
    // Until then, an alert would say that there is no gateway.
    await untilAnswers("Prometheus", localUrl(PROMETHEUS_PORT, SCRAPED), requireAlive, signal, async (answer) => {
      return (await answer.json()).data.result.length > 0;
    });
  });
  // Debian's has the former pages alone.
  return localUrl(PROMETHEUS_PORT, webAssets === undefined ? "/" : "/classic/");
}

const DISCOVERY = { http_sd_configs: [{ url: `http://${TARGETS_ADDRESS}/`, refresh_interval: INTERVAL }] };

/** Has a result as soon as something was scraped. */
const SCRAPED = "/api/v1/query?query=up%3D%3D1";

export async function endMetrics(guests: NodeGuests): Promise<void> {
  await endForward(`127.0.0.1:${PROMETHEUS_PORT}`);
  for (const name of Object.values(NAMES)) await guests.end(name);
}
