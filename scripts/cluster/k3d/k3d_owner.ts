/** Finds out whether the project has made a k3d cluster. Its name cannot say so: anybody may use that name. */
import { createHash } from "node:crypto";
import { runCommand } from "../../process/command.ts";

/** The label of the servers' containers that says it. */
export const OWNER_LABEL = "view.yolean.se/owner";

/**
 * Whoever keeps clusters in a directory of a machine. Another user of the same Docker daemon is another, as is another
 * machine.
 */
export function ownerOf(directory: string, hostname = Deno.hostname()): string {
  return createHash("sha256").update(JSON.stringify([hostname, directory])).digest("hex").slice(0, 16);
}

/** Whether an owner has made the cluster of a name. k3d does not tell labels that are not its own. */
export async function isOwnedBy(owner: string, cluster: string, signal?: AbortSignal): Promise<boolean> {
  const filters = [`--filter=label=k3d.cluster=${cluster}`, `--filter=label=${OWNER_LABEL}=${owner}`];
  return (await runCommand("docker", ["ps", "--all", "--quiet", ...filters], { signal })).trim() !== "";
}
