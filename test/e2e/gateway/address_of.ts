import { core } from "../cluster/cluster.ts";
import type { Gateway } from "./gateway.ts";
import type { Replica } from "./replica.ts";

/** The address of a gateway's pod in the network of the pods. */
export async function addressOf({ namespace }: Gateway, { pod }: Replica): Promise<string> {
  const { status } = await core.readNamespacedPod({ namespace, name: pod });
  return status!.podIP!;
}
