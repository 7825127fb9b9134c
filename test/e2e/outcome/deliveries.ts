import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { environment } from "../environment.ts";

/** The requests that pods with the template `recorded` report. A pod reports a request before it answers. */
export interface Deliveries extends AsyncDisposable {
  /** How often each request reached a pod, by the value of its header X-Delivery. */
  readonly counts: ReadonlyMap<string, number>;
}

/** Records deliveries outside of all pods, so that none is lost when a pod dies. */
export async function recordDeliveries(): Promise<Deliveries> {
  const { hostname, port } = new URL(environment().deliveriesUrl);
  const counts = new Map<string, number>();
  const server = createServer(async (request, response) => {
    const delivery = await text(request);
    counts.set(delivery, (counts.get(delivery) ?? 0) + 1);
    response.end();
  });
  server.listen(Number(port), hostname);
  await once(server, "listening");
  return {
    counts,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
