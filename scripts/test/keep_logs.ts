import { join } from "node:path";
import { diagnosis } from "../deploy/deploy.ts";
import type { Kubectl } from "../deploy/kubectl.ts";
import type { Namespaces } from "../deploy/namespaces.ts";
import { e2eDirectory } from "./e2e_package.ts";

/**
 * Keeps the logs of gateways after tests that failed, and says where.
 * @param lines how many of each container
 */
export async function keepLogs(kubectl: Kubectl, gateways: readonly Namespaces[], lines: number): Promise<void> {
  const directory = join(e2eDirectory, "output");
  await Deno.mkdir(directory, { recursive: true });
  for (const namespaces of gateways) {
    const file = join(directory, `${namespaces.gateway}.log`);
    await Deno.writeTextFile(file, await diagnosis(kubectl, namespaces, undefined, lines));
    console.error(`The log of the gateway in namespace ${namespaces.gateway} is in ${file}.`);
  }
}
