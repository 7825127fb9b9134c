import type { BorrowedNode, NodeCluster } from "../cluster/node/node.ts";
import { step } from "../process/step.ts";

/**
 * Shows a demo on a node, which stays up afterwards. An interruption stops a node that was started for the demo. A failure
 * leaves it, so that the user can look for the cause.
 */
export async function showOnNode(
  node: BorrowedNode,
  signal: AbortSignal,
  show: (cluster: NodeCluster) => Promise<void>,
): Promise<void> {
  try {
    await show(node.cluster);
  } catch (error) {
    if (signal.aborted) await step("Stopping the cluster", async () => await node[Symbol.asyncDispose]());
    throw error;
  }
}
