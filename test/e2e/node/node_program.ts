import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, readlink } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { environment } from "../environment.ts";

/** A program of the node. */
export type NodeProgram = "etcd" | "kube-apiserver" | "kube-controller-manager" | "kubelet";

/** Sends a signal to one of the node's programs. This has to run as root in the node's network, which has each program once. */
export async function signalProgram(program: NodeProgram, signal: NodeJS.Signals): Promise<void> {
  process.kill((await runningProgram(program)).pid, signal);
}

interface RunningProgram {
  readonly pid: number;
  readonly command: readonly string[];
}

async function runningProgram(program: NodeProgram): Promise<RunningProgram> {
  const network = await readlink("/proc/self/ns/net");
  for (const entry of await readdir("/proc")) {
    if (!/^[0-9]+$/.test(entry)) continue;
    const text = await readFile(`/proc/${entry}/cmdline`, "utf8").catch(() => "");
    const command = text.split("\0").slice(0, -1);
    if (command[0]?.endsWith(`/${program}`) !== true) continue;
    if (await readlink(`/proc/${entry}/ns/net`).catch(() => "") === network) return { pid: Number(entry), command };
  }
  throw new Error(`${program} does not run in this network.`);
}

/** Runs one of the node's programs with its own defaults for some flags, until the end of the scope. */
export async function withoutFlags(program: NodeProgram, flags: readonly string[]): Promise<AsyncDisposable> {
  const { pid, command: [file, ...args] } = await runningProgram(program);
  process.kill(pid, "SIGKILL");
  const kept = args.filter((arg) => !flags.some((flag) => arg.startsWith(`--${flag}=`)));
  const child = spawn(file!, kept, { stdio: "ignore" });
  await once(child, "spawn");
  return {
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await restartProgram(program);
    },
  };
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
