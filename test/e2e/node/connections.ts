import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** The local ports of a pod's connections to a port. The process is one of the pod. */
export function connectionsTo(port: number, process: number): Promise<readonly number[]> {
  return sockets(process, ["state", "established", "dport", "=", `:${port}`]);
}

/**
 * Ends connections to a port at once, on both sides, as a router does that has lost its state. Answers how many it has
 * ended. The kernel needs CONFIG_INET_DIAG_DESTROY.
 */
export async function cutConnections(port: number, process: number): Promise<number> {
  return (await sockets(process, ["--kill", "dport", "=", `:${port}`])).length;
}

async function sockets(process: number, filter: readonly string[]): Promise<readonly number[]> {
  const args = [`--target=${process}`, "--net", "--", "ss", "--no-header", "--tcp", "--numeric", ...filter];
  const { stdout } = await execute("nsenter", args);
  // In the columns that every version has, the local address comes before the peer's.
  return stdout.trim().split("\n").filter(Boolean).map((line) => Number(/\S:(\d+)\s+\S+:\d+/.exec(line)?.[1]));
}
