import { readdir, readFile } from "node:fs/promises";

/**
 * Sends the sidecar of a gateway's pod a signal, such as SIGKILL, which ends it as a crash does: without a word.
 * `kubectl exec` cannot, as its image has no shell, so this needs to be on the pod's node, as root.
 */
export async function signalSidecar(
  pod: string,
  signal: NodeJS.Signals,
): Promise<void> {
  const found: number[] = [];
  for (const entry of await readdir("/proc")) {
    if (/^[0-9]+$/.test(entry) && await isSidecarOf(pod, entry)) {
      found.push(Number(entry));
    }
  }
  if (found.length === 0) {
    throw new Error(`This process does not see the sidecar of ${pod}.`);
  }
  for (const pid of found) process.kill(pid, signal);
}

/** A container's environment has its pod's name; both of a gateway's have, and only the sidecar has NAMESPACE. */
async function isSidecarOf(pod: string, pid: string): Promise<boolean> {
  const environ = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
  const variables = environ.split("\0");
  return variables.includes(`HOSTNAME=${pod}`) &&
    variables.some((variable) => variable.startsWith("NAMESPACE="));
}
