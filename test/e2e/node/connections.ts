import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** The ports that connections to a port come from, of the pod that has this process. */
export function connectionsTo(port: number, process: number): Promise<readonly number[]> {
  return sockets(process, ["state", "established", "dport", "=", `:${port}`]);
}

/**
 * Ends connections to a port at once, on both sides, as a router does that has forgotten them. Answers how many there
 * were; the kernel needs CONFIG_INET_DIAG_DESTROY.
 */
export async function cutConnections(port: number, process: number): Promise<number> {
  return (await sockets(process, ["--kill", "dport", "=", `:${port}`])).length;
}

async function sockets(process: number, filter: readonly string[]): Promise<readonly number[]> {
  const args = [`--target=${process}`, "--net", "--", "ss", "--no-header", "--tcp", "--numeric", ...filter];
  const { stdout } = await execute("nsenter", args);
  // The local address is the last but one of the columns that every version has.
  return stdout.trim().split("\n").filter(Boolean).map((line) => Number(/\S:(\d+)\s+\S+:\d+/.exec(line)?.[1]));
}
