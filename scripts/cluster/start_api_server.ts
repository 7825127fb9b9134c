import type { ApiServer } from "./api_server.ts";
import type { Processes, Program, StartOptions } from "./processes/processes.ts";
import { until } from "../process/until.ts";

/** Starts an API server and waits until it is ready. An error has the end of its log, or of etcd's log. */
export async function startApiServer(
  processes: Processes,
  program: Program,
  api: ApiServer,
  { signal, ...options }: StartOptions & { readonly signal?: AbortSignal | undefined } = {},
): Promise<void> {
  await processes.start(program, options);
  await until("the API server is ready", async () => {
    if (await api.ready()) return true;
    await processes.requireAlive();
    return false;
  }, { milliseconds: 60_000, signal, explain: () => processes.logTail(program.name) });
}
