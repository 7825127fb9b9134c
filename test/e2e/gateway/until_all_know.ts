import type { Gateway } from "./gateway.ts";
import { until } from "../until.ts";
import type { View } from "./view.ts";

/** Waits until each replica of a gateway knows a view that one of them has just created. */
export async function untilAllKnow(gateway: Gateway, view: View, within: number): Promise<void> {
  const params = { path: { name: view.name } };
  await Promise.all(gateway.replicas.map(async (replica) => {
    const known = async () => (await gateway.client(replica).GET("/_api/views/{name}", { params })).response.ok;
    await until(`${replica.pod} is in step`, known, { within });
  }));
}
