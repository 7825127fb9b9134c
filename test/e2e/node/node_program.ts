import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, readlink } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { environment } from "../environment.ts";

/** A program of the node's control plane. */
export type NodeProgram = "etcd" | "kube-apiserver";

/** Sends a signal to one of the node's programs. This has to run as root in the node's network, which has each program once. */
export async function signalProgram(program: NodeProgram, signal: NodeJS.Signals): Promise<void> {
  const network = await readlink("/proc/self/ns/net");
  for (const entry of await readdir("/proc")) {
    if (!/^[0-9]+$/.test(entry)) continue;
    const command = await readFile(`/proc/${entry}/cmdline`, "utf8").catch(() => "");
    if (command.split("\0")[0]?.endsWith(`/${program}`) !== true) continue;
    if (await readlink(`/proc/${entry}/ns/net`).catch(() => "") === network) {
      process.kill(Number(entry), signal);
      return;
    }
  }
  throw new Error(`${program} does not run in this network.`);
}

/** Kills one of the node's programs, if it runs, and starts it again. Resolves when the API server answers again. */
export async function restartProgram(program: NodeProgram): Promise<void> {
  const { outsideNetwork, deno } = environment();
  const cluster = fileURLToPath(new URL("../../../scripts/cluster/main.ts", import.meta.url));
  const args = [`--net=${outsideNetwork}`, "--", deno, "run", "-A", cluster, "restart", program];
  const child = spawn("nsenter", args, { stdio: ["ignore", "ignore", "pipe"], timeout: 90_000 });
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
  if (code !== 0) throw new Error(`${program} was not restarted: ${said}`);
}
