import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** A TCP flow at the node: all packets between a pod and a port of another address, or of the node itself. */
export interface Flow {
  readonly pod: string;
  /** The port that the pod connects to, on the other side. */
  readonly port: number;
  /** Only connections from these ports of the pod. Default: all connections, also later ones. */
  readonly from?: readonly number[];
}

/**
 * Drops packets in the node's network until the end of the scope. With `refused` the kernel also reports that the port
 * cannot be reached, so that connecting fails at once.
 */
export async function filterPackets(flow: Flow, how: "silent" | "refused"): Promise<AsyncDisposable> {
  const added: (readonly string[])[] = [];
  const remove = async () => {
    for (const rule of added.splice(0)) await iptables(["--delete", ...rule]);
  };
  try {
    for (const rule of rulesOf(flow, how)) {
      await iptables(["--insert", ...rule]);
      added.push(rule);
    }
  } catch (error) {
    await remove();
    throw error;
  }
  return { [Symbol.asyncDispose]: remove };
}

function rulesOf({ pod, port, from }: Flow, how: "silent" | "refused"): (readonly string[])[] {
  const target = how === "silent" ? ["--jump", "DROP"] : ["--jump", "REJECT", "--reject-with", "icmp-port-unreachable"];
  const there = ["--protocol", "tcp", "--source", pod, "--dport", String(port)];
  const back = ["--protocol", "tcp", "--destination", pod, "--sport", String(port)];
  const sources = from?.map((source) => ({ there: ["--sport", String(source)], back: ["--dport", String(source)] })) ??
    [{ there: [], back: [] }];
  return sources.flatMap((source) => [
    // The other side may be another pod, or a process of the node.
    ...["FORWARD", "INPUT"].map((chain) => [chain, ...there, ...source.there, ...target]),
    ...["FORWARD", "OUTPUT"].map((chain) => [chain, ...back, ...source.back, ...target]),
  ]);
}

async function iptables(args: readonly string[]): Promise<void> {
  await execute("iptables", ["--wait", "5", ...args]);
}
