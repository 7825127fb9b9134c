import { Hono } from "hono";
import { fail } from "./method_not_allowed.ts";

/** What `/readyz` tells: whether the gateway can serve, and what is amiss without taking it out of service. */
export interface Readiness {
  readonly ready: boolean;
  /** Why it is not ready. */
  readonly reasons: readonly string[];
  /** What is wrong though it is ready: NACKed resources, stale watches. */
  readonly warnings: readonly string[];
}

export interface ProbesOptions {
  readonly readiness: () => Readiness;
  readonly metrics: { readonly contentType: string; text(): Promise<string> };
}

/** What kubelet and Prometheus ask: the only part of the sidecar that listens on the network. */
export function probes({ readiness, metrics }: ProbesOptions): Hono {
  const app = new Hono();
  app.notFound((c) =>
    fail(c, 404, "not-found", `There is nothing at ${c.req.path}. Here are /livez, /startupz, /readyz and /metrics.`)
  );
  app.onError((error) => {
    throw error;
  });
  app.get("/livez", (c) => c.text("ok\n"));
  // The program listens here last, once Envoy can connect: whoever gets an answer knows that it has started.
  app.get("/startupz", (c) => c.text("ok\n"));
  app.get("/readyz", (c) => {
    const state = readiness();
    return c.json(state, state.ready ? 200 : 503);
  });
  app.get("/metrics", async (c) => c.body(await metrics.text(), 200, { "content-type": metrics.contentType }));
  return app;
}
