import { Hono } from "hono";
import { problem, problemResponse } from "../http/problem.ts";

/** The answer of `/readyz`: whether the gateway can serve, and what else is wrong. */
export interface Readiness {
  readonly ready: boolean;
  /** Why it is not ready. */
  readonly reasons: readonly string[];
  /** Problems that do not make it unready: NACKed resources, stale watches. */
  readonly warnings: readonly string[];
}

export interface ProbesOptions {
  readonly readiness: () => Readiness;
  readonly metrics: { readonly contentType: string; text(): Promise<string> };
}

/** Answers the kubelet and Prometheus. No other part of the sidecar listens on the network. */
export function probes({ readiness, metrics }: ProbesOptions): Hono {
  const app = new Hono();
  app.notFound((c) =>
    problemResponse(
      problem(404, "not-found", `There is nothing at ${c.req.path}. Use /livez, /startupz, /readyz or /metrics.`),
    )
  );
  app.onError((error) => {
    throw error;
  });
  app.get("/livez", (c) => c.text("ok\n"));
  // The sidecar starts to listen here last, when Envoy can connect. So any answer means that it has started.
  app.get("/startupz", (c) => c.text("ok\n"));
  app.get("/readyz", (c) => {
    const state = readiness();
    return c.json(state, state.ready ? 200 : 503);
  });
  app.get("/metrics", async (c) => c.body(await metrics.text(), 200, { "content-type": metrics.contentType }));
  return app;
}
