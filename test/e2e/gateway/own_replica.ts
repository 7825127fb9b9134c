import type { Gateway } from "./gateway.ts";
import type { Replica } from "./replica.ts";

/** A replica of the gateway's own Deployment, and not of one beside it. */
export function ownReplica(gateway: Gateway): Replica {
  const found = gateway.replicas.find(({ pod }) => /^view-gateway-[^-]+-[^-]+$/.test(pod));
  if (found === undefined) {
    throw new Error(
      `No own replica in namespace ${gateway.namespace} is ready.`,
    );
  }
  return found;
}

/** The replica of a Deployment beside the gateway: gateway/deployment_beside.ts. */
export function replicaBeside(gateway: Gateway, name: string): Replica {
  const found = gateway.replicas.find(({ pod }) => pod.startsWith(`${name}-`));
  if (found === undefined) {
    throw new Error(
      `No replica of ${name} in namespace ${gateway.namespace} is ready.`,
    );
  }
  return found;
}
