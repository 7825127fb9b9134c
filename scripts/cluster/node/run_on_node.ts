import { executable, withPath } from "../../process/command_line.ts";
import { borrowNode, type NodeOptions } from "./node.ts";
import { supervise } from "../../process/supervise.ts";

export interface RunOnNodeOptions extends NodeOptions {
  /** Whether it runs outside of the node's network. */
  readonly outside?: boolean;
}

/**
 * Runs a command in the network of the node, where it reaches pods and Services at their addresses, and answers its exit
 * status. A node that was not up before stops afterwards.
 */
export async function runOnNode(
  [word, ...args]: readonly [string, ...string[]],
  { outside = false, ...options }: RunOnNodeOptions,
  signal: AbortSignal,
): Promise<number> {
  await using borrowed = await borrowNode(signal, options);
  const { kubeconfig, insideKubeconfig, netns, bin } = borrowed.cluster;
  const command = [executable(word), ...args] as const;
  const PATH = withPath(bin);
  if (outside || netns === undefined) return await supervise(command, { KUBECONFIG: kubeconfig, PATH }, signal);
  const env = { KUBECONFIG: insideKubeconfig, PATH, POD_NETWORK: "direct" };
  return await supervise(["nsenter", `--net=${netns}`, "--", ...command], env, signal);
}
