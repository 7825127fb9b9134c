import { KubernetesError } from "./kubernetes_error.ts";
import type { Transport } from "./transport.ts";

/**
 * Resolves when the API server answers. Any response counts, even one that says the API server is not ready or forbids the
 * request.
 *
 * @param limit milliseconds
 */
export async function anyAnswer(transport: Transport, limit: number, signal: AbortSignal): Promise<void> {
  try {
    await transport.call({ method: "GET", path: "/readyz", limit }, signal);
  } catch (error) {
    if (!(error instanceof KubernetesError) || error.status === undefined) throw error;
  }
}
