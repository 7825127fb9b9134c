import { envoy } from "../gen/envoy.js";
import { endpoints, type Resource } from "../proto/resource.ts";
import type { Address } from "../view/state.ts";
import { socketsIn } from "./sockets.ts";

const { HealthStatus } = envoy.config.core.v3;

/** The addresses of a view's pods. A pod that drains keeps its requests and gets no new ones. */
export interface ViewEndpoints {
  readonly name: string;
  readonly serving: readonly Address[];
  readonly draining: readonly Address[];
  /**
   * Whether those come in who have not signed in. A door that was open stays as a closed one: who came through it stays in,
   * and all others go to the gate. Undefined where there was none.
   */
  readonly door?: "open" | "closed" | undefined;
}

/**
 * The pods have priority 0. The gate has priority 1: it gets requests while no pod serves, and those that a pod refuses.
 */
export function viewEndpoints(
  { name, serving, draining }: Omit<ViewEndpoints, "door">,
  socketDirectory: string,
): Resource {
  const serves = new Set(serving.map(hostPort));
  const ending = draining.filter((address) => !serves.has(hostPort(address)));
  return endpoints({
    clusterName: name,
    endpoints: [
      {
        priority: 0,
        lbEndpoints: [
          ...pods(serving, HealthStatus.HEALTHY),
          ...pods(ending, HealthStatus.DRAINING),
        ],
      },
      { priority: 1, lbEndpoints: [{ endpoint: { address: { pipe: { path: socketsIn(socketDirectory).gate } } } }] },
    ],
    // One pod of a hundred is enough for all requests. With the default of 140 the gate would get a share of them as soon
    // as a third of the pods drain.
    policy: { overprovisioningFactor: { value: 10_000 } },
  });
}

function pods(
  addresses: readonly Address[],
  healthStatus: envoy.config.core.v3.HealthStatus,
): envoy.config.endpoint.v3.ILbEndpoint[] {
  return [...new Map(addresses.map((address) => [hostPort(address), address]))]
    // The same pods in another order are the same content.
    .sort(([a], [b]) => a < b ? -1 : 1)
    .map(([, { address, port }]) => ({
      healthStatus,
      endpoint: { address: { socketAddress: { address, portValue: port } } },
    }));
}

function hostPort({ address, port }: Address): string {
  return `${address} ${port}`;
}
