import { readdir, readFile } from "node:fs/promises";

/**
 * Kills all processes of a view's pod, as the kernel does when memory is short. This has to run on the pod's node, as root.
 * Answers how many processes it has killed.
 */
export async function killPod(pod: string): Promise<number> {
  const processes = await processesOfPod(pod);
  for (const each of processes) process.kill(each, "SIGKILL");
  return processes.length;
}

/** The process IDs of a pod's containers. All of them are in the pod's network. */
export async function processesOfPod(pod: string): Promise<readonly number[]> {
  const found: number[] = [];
  for (const entry of await readdir("/proc")) {
    if (!/^[0-9]+$/.test(entry)) continue;
    const environ = await readFile(`/proc/${entry}/environ`, "utf8").catch(() => "");
    if (environ.split("\0").includes(`HOSTNAME=${pod}`)) {
      found.push(Number(entry));
    }
  }
  return found;
}
