import { randomBytes } from "node:crypto";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

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
  const table = `story-${randomBytes(4).toString("hex")}`;
  await nft(tableOf(table, flow, how));
  let removed: Promise<void> | undefined;
  return { [Symbol.asyncDispose]: () => removed ??= nft(`delete table ip ${table}`) };
}

/**
 * A table of its own, which is asked before those of kube-proxy and of what enforces NetworkPolicies: these put their rules in
 * front of others' again and again.
 */
function tableOf(table: string, { pod, port, from }: Flow, how: "silent" | "refused"): string {
  const verdict = how === "silent" ? "drop" : "reject";
  const there = rules(`ip saddr ${pod} tcp dport ${port}`, "sport", from, verdict);
  const back = rules(`ip daddr ${pod} tcp sport ${port}`, "dport", from, verdict);
  // The other side may be another pod, or a process of the node.
  const chains = { forward: [...there, ...back], input: there, output: back };
  const texts = Object.entries(chains).map(([hook, lines]) =>
    `chain ${hook} {\ntype filter hook ${hook} priority -1\n${lines.join("\n")}\n}`
  );
  return `table ip ${table} {\n${texts.join("\n")}\n}`;
}

function rules(match: string, end: string, from: readonly number[] | undefined, verdict: string): readonly string[] {
  if (from === undefined) return [`${match} ${verdict}`];
  return from.map((source) => `${match} tcp ${end} ${source} ${verdict}`);
}

async function nft(commands: string): Promise<void> {
  const child = spawn("nft", ["--file", "-"], { stdio: ["pipe", "ignore", "pipe"] });
  child.stdin.end(`${commands}\n`);
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
  if (code !== 0) throw new Error(`nft ended with ${code}: ${said}`);
}
