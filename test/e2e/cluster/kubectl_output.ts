import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { environment } from "../environment.ts";

/** Milliseconds: longer than kubectl's own time-outs here. */
const LIMIT = 200_000;
/** In bytes: the API server's metrics are long. */
const LONGEST = 100_000_000;

/** Runs kubectl as an operator does, and answers what it says. */
export async function kubectlOutput(args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(environment().kubectl, [...args], {
    timeout: LIMIT,
    maxBuffer: LONGEST,
  });
  return stdout;
}
