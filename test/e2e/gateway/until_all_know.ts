import type { Gateway } from "./gateway.ts";
import { until } from "../until.ts";
import type { View } from "./view.ts";

/** Waits until each replica of a gateway knows a view that one of them has just created. */
export async function untilAllKnow(gateway: Gateway, view: View, within: number): Promise<void> {
  const path = `/_api/views/${view.name}`;
  await Promise.all(gateway.replicas.map(async (replica) => {
    const known = async () => (await gateway.api({ path }, replica)).status === 200;
    await until(`${replica.pod} is in step`, known, { within });
  }));
}
