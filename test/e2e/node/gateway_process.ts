import { readdir, readFile } from "node:fs/promises";

/** The containers of a gateway's pod. */
export type Container = "envoy" | "sidecar";

/**
 * Sends a signal to a container of a gateway's pod. SIGKILL ends it as a crash does. The image has no shell for
 * `kubectl exec`, so this has to run on the pod's node, as root.
 */
export async function signalContainer(pod: string, container: Container, signal: NodeJS.Signals): Promise<void> {
  process.kill(await processOf(pod, container), signal);
}

/** The resident memory of a container of a gateway's pod, in MiB. */
export async function memoryOf(pod: string, container: Container): Promise<number> {
  const status = await readFile(`/proc/${await processOf(pod, container)}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}

/** The process ID of a container, which has only one process. */
export async function processOf(pod: string, container: Container): Promise<number> {
  for (const entry of await readdir("/proc")) {
    if (/^[0-9]+$/.test(entry) && await containerOf(pod, entry) === container) return Number(entry);
  }
  throw new Error(`This process does not see the ${container} of ${pod}.`);
}

/** Both containers have their pod's name in the environment. Only the sidecar has NAMESPACE. */
async function containerOf(pod: string, pid: string): Promise<Container | undefined> {
  const environ = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
  const variables = environ.split("\0");
  if (!variables.includes(`HOSTNAME=${pod}`)) return undefined;
  return variables.some((variable) => variable.startsWith("NAMESPACE=")) ? "sidecar" : "envoy";
}
