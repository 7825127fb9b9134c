/** Starts, stops and looks at test clusters: `deno task cluster --help`. */
import { Argument, Command, InvalidArgumentError, Option } from "commander";
import { interruptible } from "../process/interruptible.ts";
import { requireNeeds } from "../needs/needs.ts";
import { kwokNeeds, kwokStatus, startKwok, stopKwok } from "./kwok/kwok.ts";
import { nodeNeeds, type NodeOptions, nodeStatus, restartProgram, startNode, stopNode } from "./node/node.ts";
import { runOnKwok } from "./kwok/run_on_kwok.ts";
import { runOnNode, type RunOnNodeOptions } from "./node/run_on_node.ts";

const kinds = ["kwok", "node"] as const;
type Kind = typeof kinds[number];

export function program(): Command {
  const cluster = new Command("cluster").description(
    "Starts, stops and looks at test clusters:\n" +
      "  kwok   a Kubernetes API whose pods are only played: everything about the control plane, in seconds\n" +
      "  node   a real Kubernetes of one node, which runs pods (Linux and root, or k3d)",
  );
  cluster.command("up")
    .description("Starts a cluster, or finds the one that is up, and prints its KUBECONFIG.")
    .addArgument(kind().argOptional().default("kwok"))
    .addOption(restartBackoff())
    .action((kind: Kind, options: NodeOptions) => interruptible((signal) => up(kind, options, signal)));
  cluster.command("down")
    .description("Takes a cluster down, or both. Nothing of it is left.")
    .addArgument(kind().argOptional())
    .action((kind?: Kind) => interruptible(() => down(kind)));
  cluster.command("status")
    .description("Tells what is up; exits with 1 where a cluster is not.")
    .addArgument(kind().argOptional())
    .action((kind?: Kind) => interruptible(() => status(kind)));
  cluster.command("restart")
    .description("Kills one of the node's own processes and starts it anew, as etcd, kube-apiserver, kubelet.")
    .argument("<process>")
    .action((process: string) => interruptible((signal) => restartProgram(process, signal)));
  cluster.command("run")
    .description(
      "Runs a command with KUBECONFIG set to a cluster, and exits with its status. A cluster that was not up before is\n" +
        "taken down afterwards. With node, the command runs in the node's network, where pods and Services have their own\n" +
        "addresses and POD_NETWORK=direct says so.",
    )
    .usage("[options] <cluster> -- <command> [args...]")
    .addArgument(kind())
    .argument("<command...>", "what to run; `deno` need not be on PATH")
    .addOption(restartBackoff())
    .option("--outside", "with node: run it on this machine instead of in the node's network")
    .action((kind: Kind, command: string[], options: RunOnNodeOptions) =>
      interruptible(async (signal) => {
        const words = command as [string, ...string[]];
        await requireKind(kind, options, signal);
        Deno.exitCode = await (kind === "kwok" ? runOnKwok(words, signal) : runOnNode(words, options, signal));
      })
    );
  return cluster;
}

function kind(): Argument {
  return new Argument("<cluster>").choices(kinds);
}

function restartBackoff(): Option {
  return new Option(
    "--restart-backoff <duration>",
    "with node: the longest pause before a container is restarted, from 1s to 300s",
  ).argParser((text) => {
    if (/^([1-9]\d?|[12]\d\d|300)s$/.test(text)) return text;
    throw new InvalidArgumentError("It must be from 1s to 300s.");
  });
}

async function up(kind: Kind, options: NodeOptions, signal: AbortSignal): Promise<void> {
  await requireKind(kind, options, signal);
  const { kubeconfig } = await (kind === "kwok" ? startKwok(signal) : startNode(signal, options));
  console.log(`KUBECONFIG=${kubeconfig}`);
}

async function requireKind(kind: Kind, options: NodeOptions, signal: AbortSignal): Promise<void> {
  const needs = await (kind === "kwok" ? kwokNeeds(signal) : nodeNeeds(options, signal));
  await requireNeeds(`cluster ${kind}`, needs, signal);
}

async function down(kind?: Kind): Promise<void> {
  if (kind !== "node") await stopKwok();
  if (kind !== "kwok") await stopNode();
}

async function status(kind?: Kind): Promise<void> {
  for (const one of kind ? [kind] : kinds) {
    const { cluster, missing } = await (one === "kwok" ? kwokStatus() : nodeStatus());
    if (cluster === undefined) console.log(`${one}: not up`);
    else if (missing.length > 0) console.log(`${one}: lacks ${missing.join(", ")}`);
    else console.log(`${one}: up, KUBECONFIG=${cluster.kubeconfig}`);
    if (cluster === undefined || missing.length > 0) Deno.exitCode = 1;
  }
}

if (import.meta.main) await program().parseAsync(Deno.args, { from: "user" });
