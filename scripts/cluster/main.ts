/** Starts, stops and looks at test clusters: `deno task cluster --help`. */
import { Argument, Command, InvalidArgumentError, Option } from "commander";
import { loadArchive } from "./load_archive.ts";
import { interruptible } from "../process/interruptible.ts";
import { requireNeeds } from "../needs/needs.ts";
import { type NodeOptions, restartProgram } from "./node/node.ts";
import type { RunOnNodeOptions } from "./node/run_on_node.ts";
import { CLUSTER_NAMES, type ClusterName, testClusters } from "./test_clusters.ts";

export function program(): Command {
  const cluster = new Command("cluster").description(
    "Starts, stops and looks at test clusters:\n" +
      "  kwok   a Kubernetes API with simulated nodes and pods, for tests of the control plane; starts in seconds\n" +
      "  node   a real Kubernetes with one node, which runs pods (Linux and root, or k3d)",
  );
  cluster.command("up")
    .description("Starts a cluster, or finds the one that is up, and prints its KUBECONFIG.")
    .addArgument(clusterArgument().argOptional().default("kwok"))
    .addOption(restartBackoff())
    .action((name: ClusterName, options: NodeOptions) => interruptible((signal) => up(name, options, signal)));
  cluster.command("down")
    .description("Stops one cluster, or both, and removes all of it.")
    .addArgument(clusterArgument().argOptional())
    .action((name?: ClusterName) => interruptible(() => down(name)));
  cluster.command("status")
    .description("Shows which clusters are up. Exits with status 1 if one is not.")
    .addArgument(clusterArgument().argOptional())
    .action((name?: ClusterName) => interruptible(() => status(name)));
  cluster.command("restart")
    .description("Kills a process of the node and starts it again, for example etcd, kube-apiserver or kubelet.")
    .argument("<process>")
    .action((process: string) => interruptible((signal) => restartProgram(process, signal)));
  cluster.command("load")
    .description(
      "Loads the images of a docker-archive file, as `docker save` writes it, into the node, and prints their names.\n" +
        "An image whose name the node has already is not loaded again: give each build a tag of its own.",
    )
    .argument("<archive>")
    .action((archive: string) => interruptible((signal) => load(archive, signal)));
  addRun(cluster);
  return cluster;
}

function addRun(cluster: Command): void {
  cluster.command("run")
    .description(
      "Runs a command with KUBECONFIG set to a cluster, and exits with the command's status. A cluster that this has to\n" +
        "start stops afterwards. With `node`, the command runs in the node's network: there it reaches pods and Services\n" +
        "at their own addresses, and POD_NETWORK=direct is set.",
    )
    .usage("[options] <cluster> -- <command> [args...]")
    .addArgument(clusterArgument())
    .argument("<command...>", "the command; `deno` works even if it is not on PATH")
    .addOption(restartBackoff())
    .option("--outside", "with `node`: run the command outside of the node's network")
    .action((name: ClusterName, command: string[], options: RunOnNodeOptions) =>
      interruptible(async (signal) => {
        await requireCluster(name, options, signal);
        Deno.exitCode = await testClusters[name].run(command as [string, ...string[]], options, signal);
      })
    );
}

function clusterArgument(): Argument {
  return new Argument("<cluster>").choices(CLUSTER_NAMES);
}

function restartBackoff(): Option {
  return new Option(
    "--restart-backoff <duration>",
    "with `node`: the longest pause before the kubelet restarts a container, from 1s to 300s",
  ).argParser((text) => {
    if (/^([1-9]\d?|[12]\d\d|300)s$/.test(text)) return text;
    throw new InvalidArgumentError("It must be from 1s to 300s.");
  });
}

async function up(name: ClusterName, options: NodeOptions, signal: AbortSignal): Promise<void> {
  await requireCluster(name, options, signal);
  const { kubeconfig } = await testClusters[name].start(options, signal);
  console.log(`KUBECONFIG=${kubeconfig}`);
}

async function requireCluster(name: ClusterName, options: NodeOptions, signal: AbortSignal): Promise<void> {
  await requireNeeds(`cluster ${name}`, await testClusters[name].needs(options, signal), signal);
}

async function down(name?: ClusterName): Promise<void> {
  for (const one of name ? [name] : CLUSTER_NAMES) {
    if (!await testClusters[one].stop()) console.log(`${one}: not up`);
  }
}

async function load(archive: string, signal: AbortSignal): Promise<void> {
  for (const reference of await loadArchive(archive, signal)) console.log(reference);
}

async function status(name?: ClusterName): Promise<void> {
  for (const one of name ? [name] : CLUSTER_NAMES) {
    const { cluster, missing } = await testClusters[one].status();
    if (cluster === undefined) console.log(`${one}: not up`);
    else if (missing.length > 0) console.log(`${one}: lacks ${missing.join(", ")}`);
    else console.log(`${one}: up, KUBECONFIG=${cluster.kubeconfig}`);
    if (cluster === undefined || missing.length > 0) Deno.exitCode = 1;
  }
}

if (import.meta.main) await program().parseAsync(Deno.args, { from: "user" });
