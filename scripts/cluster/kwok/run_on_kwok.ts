import { executable, withPath } from "../../process/command_line.ts";
import { kwokStatus, startKwok, stopKwok, stopOrphans } from "./kwok.ts";
import { supervise } from "../../process/supervise.ts";

/**
 * Runs a command with KUBECONFIG set to a kwok cluster, and answers its exit status. It uses the cluster that is up, or else
 * starts one for this command alone, so that several commands can run at the same time.
 */
export async function runOnKwok([word, ...args]: readonly [string, ...string[]], signal: AbortSignal): Promise<number> {
  await stopOrphans();
  const { cluster, missing } = await kwokStatus();
  const standing = cluster !== undefined && missing.length === 0;
  if (standing) console.error(`Kubernetes for the tests: cluster ${cluster.name}, which is up`);
  const name = standing ? cluster.name : `kwok-${Deno.pid}`;
  try {
    const { kubeconfig, bin } = standing ? cluster : await startKwok(signal, { name, owned: true });
    const env = { KUBECONFIG: kubeconfig, PATH: withPath(bin) };
    return await supervise([executable(word), ...args], env, signal);
  } finally {
    if (!standing) await stopKwok(name);
  }
}
