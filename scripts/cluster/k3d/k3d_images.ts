import { CommandError, runCommand } from "../../process/command.ts";
import { missingFrom, referencesOf } from "../node/image_reference.ts";
import { k3d, k3dCluster } from "./k3d.ts";
import { podNodes } from "./k3d_cluster.ts";

/**
 * Takes the images in a docker-archive file into every node of a k3d cluster, unless images of these references are there.
 * @throws CommandError where a node does not have them afterwards, which k3d does not tell
 */
export async function importIntoK3d(cluster: string, archive: string, signal?: AbortSignal): Promise<void> {
  const found = await k3dCluster(cluster, signal);
  if (!found) throw new CommandError(`There is no k3d cluster ${cluster}.`);
  const references = await referencesOf(archive, signal);
  if (references.length === 0) throw new CommandError(`${archive} holds no image with a name.`);
  const missing = async () => {
    const lists = podNodes(found).map(async (node) => {
      const there = await runCommand("docker", ["exec", node, "ctr", "images", "list", "--quiet"], { signal });
      return missingFrom(there, references).map((reference) => `${node} does not have ${reference}`);
    });
    return (await Promise.all(lists)).flat();
  };
  if ((await missing()).length === 0) return;
  const said = await k3d(["image", "import", archive, "--cluster", cluster], { signal, withErrors: true });
  const still = await missing();
  if (still.length > 0) throw new CommandError(`k3d cannot import ${archive}: ${still.join(", ")}. It said:\n${said}`);
}
