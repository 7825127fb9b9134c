import type { Gateway } from "./gateway.ts";
import { ask } from "../client/http.ts";
import { until } from "../until.ts";
import type { View } from "./view.ts";

/** Waits until each replica of a gateway knows a view that one of them has just created. */
export async function untilAllKnow({ replicas, baseHost }: Gateway, view: View, within: number): Promise<void> {
  const path = `/_api/views/${view.name}`;
  await Promise.all(replicas.map(async (replica) => {
    const origin = await replica.public();
    const known = async () => (await ask(origin, baseHost, { path })).status === 200;
    await until(`${replica.pod} is in step`, known, { within });
  }));
}
