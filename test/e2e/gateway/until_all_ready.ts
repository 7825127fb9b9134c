import { type Gateway, theGateway } from "./gateway.ts";
import { until } from "../until.ts";

/** Waits until as many gateways are ready as there were: the next fault would miss those that are not. */
export async function untilAllReady({ replicas }: Gateway): Promise<void> {
  const ready = async () => (await theGateway().catch(() => undefined))?.replicas.length === replicas.length;
  await until("all gateways are ready again", ready, { within: 60_000, every: 500 });
}
