import { readdir, readFile } from "node:fs/promises";

/**
 * Kills all processes of a view's pod, as the kernel does when memory is short. This has to run on the pod's node, as root.
 * Answers how many processes it has killed.
 */
export async function killPod(pod: string): Promise<number> {
  let killed = 0;
  for (const entry of await readdir("/proc")) {
    if (!/^[0-9]+$/.test(entry)) continue;
    const environ = await readFile(`/proc/${entry}/environ`, "utf8").catch(() => "");
    if (!environ.split("\0").includes(`HOSTNAME=${pod}`)) continue;
    process.kill(Number(entry), "SIGKILL");
    killed++;
  }
  return killed;
}
