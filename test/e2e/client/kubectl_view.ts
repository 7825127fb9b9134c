import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, isAbsolute } from "node:path";
import { text } from "node:stream/consumers";
import { environment } from "../environment.ts";

/** What a command has written, and its exit status. */
export interface CommandOutput {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** Runs kubectl as a person does who has the plugin `kubectl view` on PATH. */
export async function runKubectl(
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<CommandOutput> {
  const { kubectl, kubectlView, deno } = environment();
  const directories = [kubectlView, deno, kubectl].filter(isAbsolute).map(dirname);
  const PATH = [...directories, process.env.PATH].join(":");
  const child = spawn("kubectl", args, {
    env: { ...process.env, PATH, NO_COLOR: "1", ...variables },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 80_000,
  });
  const [out, err, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { status, out, err };
}
