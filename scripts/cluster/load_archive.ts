import { existsSync } from "node:fs";
import { MissingError } from "../needs/missing_error.ts";
import { taskCommand } from "../process/task_command.ts";
import { referencesOf } from "./node/image_reference.ts";
import { loadImageOnNode, nodeStatus } from "./node/node.ts";

/**
 * Loads the images of a docker-archive file into the node that is up, and answers their names.
 * @throws MissingError where there is no node, no file, or no name in it
 */
export async function loadArchive(archive: string, signal?: AbortSignal): Promise<readonly string[]> {
  if (!existsSync(archive)) throw new MissingError(`There is no file ${archive}.`);
  const references = await referencesOf(archive, signal);
  if (references.length === 0) {
    throw new MissingError(`No image in ${archive} has a name. Save it by its name: \`docker save NAME:TAG\`.`);
  }
  if ((await nodeStatus()).cluster === undefined) {
    throw new MissingError(`The node is not up. Start it: \`${taskCommand("demo")}\`.`);
  }
  await loadImageOnNode(archive, signal);
  return references;
}
