/** What k3d says about a cluster, as `k3d cluster list --output json` has it. */

export interface K3dNode {
  readonly name: string;
  readonly role: string;
  /** Ports of this machine, by the node's own, such as `30080`. */
  readonly portMappings?: Readonly<Record<string, readonly PortBinding[] | null>> | null;
}

interface PortBinding {
  readonly HostIp: string;
  readonly HostPort: string;
}

export interface K3dCluster {
  readonly name: string;
  readonly nodes?: readonly K3dNode[] | null;
}

/** The cluster of a name; undefined where there is none. */
export function findCluster(list: readonly K3dCluster[] | null, name: string): K3dCluster | undefined {
  return list?.find((cluster) => cluster.name === name);
}

/** The names of the containers that run pods. */
export function podNodes(cluster: K3dCluster): readonly string[] {
  return nodesOf(cluster).filter(({ role }) => role === "server" || role === "agent").map(({ name }) => name);
}

/** The cluster's port that a port of this machine, such as `127.0.0.1:8080`, leads to through its load balancer. */
export function forwardedTo(cluster: K3dCluster, listen: string): number | undefined {
  for (const { role, portMappings } of nodesOf(cluster)) {
    if (role !== "loadbalancer") continue;
    for (const [port, bindings] of Object.entries(portMappings ?? {})) {
      // No address means all.
      const taken = bindings?.some(({ HostIp, HostPort }) =>
        listen === `${HostIp}:${HostPort}` || listen.endsWith(`:${HostPort}`) && ["", "0.0.0.0"].includes(HostIp)
      );
      if (taken) return Number(port.split("/")[0]);
    }
  }
  return undefined;
}

function nodesOf({ nodes }: K3dCluster): readonly K3dNode[] {
  return nodes ?? [];
}
