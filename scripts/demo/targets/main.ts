/** Tells Prometheus which pods to scrape, by the PodMonitor that operators get. Its pods are those that there are now. */
import { Command } from "commander";
import { parse } from "yaml";
import { apiServerOf } from "../../cluster/api_server.ts";
import { interruptible } from "../../process/interruptible.ts";
import { type PodMonitor, podTargets } from "../../prometheus/pod_targets.ts";

const FILE = new URL("../../../gateway/components/pod-monitor/pod_monitor.yaml", import.meta.url);

interface Wanted {
  readonly listen: string;
  readonly kubeconfig: string;
  readonly namespace: string;
}

async function tell({ listen, kubeconfig, namespace }: Wanted, signal: AbortSignal): Promise<void> {
  const { hostname, port } = new URL(`http://${listen}`);
  const monitor: PodMonitor = parse(await Deno.readTextFile(FILE));
  using api = await apiServerOf(kubeconfig);
  if (api === undefined) throw new Error(`There is no kubeconfig ${kubeconfig}`);
  const server = Deno.serve({ hostname, port: Number(port), signal }, async () => {
    const list = await api.get(`/api/v1/namespaces/${namespace}/pods?limit=500`);
    return Response.json(podTargets(monitor, list?.items ?? []));
  });
  await server.finished;
}

const [listen, kubeconfig, namespace] = new Command("targets")
  .description("Tells Prometheus which pods of a gateway to scrape.")
  .argument("<listen>", "HOST:PORT where it listens")
  .argument("<kubeconfig>", "path of the cluster's kubeconfig")
  .argument("<namespace>", "the gateway's namespace")
  .parse(Deno.args, { from: "user" }).args;
await interruptible((signal) => tell({ listen: listen!, kubeconfig: kubeconfig!, namespace: namespace! }, signal));
