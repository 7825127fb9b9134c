/** Ports of this machine that lead into the own node's network. */
import { MissingError } from "../../needs/missing_error.ts";
import { freePort } from "../../process/free_port.ts";
import { networkNamespace, processes } from "./node_world.ts";
import type { Program } from "../processes/processes.ts";
import { until } from "../../process/until.ts";

const API_FORWARD = "forward-api";

/** The name of the program that holds a port. */
export function forwardProgram(listen: string): string {
  return `forward-${listen}`;
}

export function isForward(program: string): boolean {
  return program.startsWith("forward-");
}

/** Makes the API server at an address of the node's network reachable at a port of this machine, and answers that. */
export async function forwardApi(binary: string, target: string, signal?: AbortSignal): Promise<number> {
  for (let attempt = 1;; attempt++) {
    const port = freePort();
    try {
      await startForward(binary, API_FORWARD, `127.0.0.1:${port}`, target, signal);
      return port;
    } catch (error) {
      if (attempt === 3 || !/address already in use/.test((error as Error).message)) throw error;
    }
  }
}

/**
 * Connects a port of this machine to an address in the node's network. The former of the same name ends.
 * @throws MissingError where the port is taken
 */
export async function startForward(
  binary: string,
  program: string,
  listen: string,
  target: string,
  signal?: AbortSignal,
): Promise<void> {
  const command: Program["command"] = [binary, listen, target, networkNamespace()];
  const same = JSON.stringify(processes.program(program)?.command) === JSON.stringify(command);
  if (same && processes.pid(program) !== undefined) return;
  await processes.end(program);
  await Deno.remove(processes.logFile(program)).catch(() => {});
  await processes.start({ name: program, command });
  try {
    await until(`${listen} is forwarded`, async () => {
      const log = await processes.logTail(program);
      if (log.includes(" from ")) return true;
      if (processes.pid(program) === undefined) throw new MissingError(`Cannot forward ${listen}: ${log}`);
      return false;
    }, { milliseconds: 5_000, signal });
  } catch (error) {
    await processes.end(program);
    throw error;
  }
}
