import { CommandError } from "../process/command.ts";
import type { LocalGateway } from "./local_gateway.ts";

/** Asks for a view that is awake, one request after the other, and answers the milliseconds that each took. */
export async function warmLatency(
  gateway: LocalGateway,
  view: string,
  count: number,
  signal: AbortSignal,
): Promise<readonly number[]> {
  const took: number[] = [];
  for (let i = 0; i < count; i++) {
    const started = performance.now();
    const answer = await gateway.fetch(gateway.hostOf(view), "/", { signal });
    await answer.text();
    took.push(performance.now() - started);
    if (answer.status !== 200) throw new CommandError(`${gateway.urlOf(view)} answered ${answer.status} when warm.`);
  }
  return took;
}
