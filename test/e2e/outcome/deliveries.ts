import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { environment } from "../environment.ts";

/** What pods of views with the template `recorded` say they were delivered, which is told before it is answered. */
export interface Deliveries extends AsyncDisposable {
  /** How often each was delivered, by the value of its header X-Delivery. */
  readonly counts: ReadonlyMap<string, number>;
}

/** Records deliveries where pods report them, outside all pods: whatever dies, they are known. */
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
