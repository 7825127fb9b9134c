import type { ApiServer } from "./api_server.ts";
import { until, type UntilOptions } from "../process/until.ts";

/** Waits until pods can be created in the default namespace, and may run on a node. */
export async function untilNodeReady(
  api: ApiServer,
  name: string,
  requireAlive: () => Promise<void>,
  options: UntilOptions,
): Promise<void> {
  await until("the node is ready, and namespaces have their service account", async () => {
    await requireAlive();
    const node = await api.get(`/api/v1/nodes/${name}`);
    const ready = node?.status?.conditions?.some((condition: { type: string; status: string }) =>
      condition.type === "Ready" && condition.status === "True"
    );
    if (!ready || node.spec?.taints?.length > 0) return false;
    return await api.get("/api/v1/namespaces/default/serviceaccounts/default") !== undefined;
  }, options);
}
