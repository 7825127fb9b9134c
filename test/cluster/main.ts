/** Starts, stops and looks at the clusters that tests and the demo run against. */
import { Argument, Command, Option } from "commander";
import { interruptible } from "../../scripts/interruptible.ts";
import { executable, withPath } from "./command_line.ts";
import * as kwok from "./kwok.ts";
import * as node from "./node.ts";
import { supervise } from "./supervise.ts";

type Kind = "kwok" | "node";
type Words = readonly [string, ...string[]];

interface Status {
  readonly cluster?: { readonly kubeconfig: string } | undefined;
  readonly missing: readonly string[];
}

const kind = () =>
  new Argument("[cluster]", "kwok: a control plane alone; node: a real node").choices(["kwok", "node"]).default("kwok");
const backoff = () =>
  new Option("--restart-backoff <duration>", "node: longest pause before a container is restarted, such as 1s");

export function program(): Command {
  const cluster = new Command("cluster")
    .description("Starts, stops and looks at the clusters that tests and the demo run against.");
  cluster.command("up").description("starts a cluster that stays, unless it is up").addArgument(kind())
    .addOption(backoff())
    .action((kind: Kind, { restartBackoff }: { restartBackoff?: string }) =>
      interruptible(async (signal) => {
        const { kubeconfig } = kind === "kwok" ? await kwok.up(signal) : await node.up(signal, { restartBackoff });
        console.log(`KUBECONFIG=${kubeconfig}`);
      })
    );
  cluster.command("down").description("ends a cluster; nothing of it is left").addArgument(kind())
    .action((kind: Kind) => interruptible(() => kind === "kwok" ? kwok.down() : node.down()));
  cluster.command("status").description("says which clusters are up").action(() =>
    interruptible(async () => {
      tell("kwok", await kwok.status());
      tell("node", await node.status());
    })
  );
  cluster.command("run").description("runs a command with a cluster: the one that is up, else one of its own")
    .addArgument(new Argument("<cluster>", "kwok or node").choices(["kwok", "node"]))
    .argument("<command...>", "after --")
    .option("--outside", "node: on this machine, not in the node's network")
    .addOption(backoff())
    .action((kind: Kind, command: string[], options: { outside?: boolean; restartBackoff?: string }) =>
      interruptible(async (signal) => {
        const [word, ...args] = command as [string, ...string[]];
        const words: Words = [executable(word), ...args];
        Deno.exitCode = kind === "kwok" ? await onKwok(words, signal) : await onNode(words, options, signal);
      })
    );
  return cluster;
}

async function onKwok(command: Words, signal: AbortSignal): Promise<number> {
  await kwok.sweep();
  const shared = isUp(await kwok.status());
  const name = shared ? "kwok" : `kwok-${Deno.pid}`;
  try {
    const { kubeconfig, bin } = await kwok.up(signal, { name, owned: !shared });
    return await supervise(command, { KUBECONFIG: kubeconfig, PATH: withPath(bin) }, signal);
  } finally {
    if (!shared) await kwok.down(name);
  }
}

async function onNode(
  command: Words,
  { outside = false, restartBackoff }: { outside?: boolean; restartBackoff?: string },
  signal: AbortSignal,
): Promise<number> {
  const shared = isUp(await node.status());
  try {
    const { kubeconfig, insideKubeconfig, netns, bin } = await node.up(signal, { restartBackoff });
    const inside = netns !== undefined && !outside;
    const env = {
      KUBECONFIG: inside ? insideKubeconfig : kubeconfig,
      PATH: withPath(bin),
      ...inside && { POD_NETWORK: "direct" },
    };
    return await supervise(inside ? ["nsenter", `--net=${netns}`, "--", ...command] : command, env, signal);
  } finally {
    if (!shared) await node.down();
  }
}

function isUp({ cluster, missing }: Status): boolean {
  return cluster !== undefined && missing.length === 0;
}

function tell(name: Kind, { cluster, missing }: Status): void {
  if (cluster === undefined) console.log(`${name}: down`);
  else if (missing.length > 0) console.log(`${name}: lacks ${missing.join(", ")}`);
  else console.log(`${name}: up, KUBECONFIG=${cluster.kubeconfig}`);
}

if (import.meta.main) await program().parseAsync(Deno.args, { from: "user" });
