import { KubernetesError } from "./kubernetes_error.ts";
import { APART, type Transport } from "./transport.ts";

/** Which connections of a transport are asked: the shared one, and those of long bodies. */
const CONNECTIONS = [false, ...Array.from({ length: APART }, () => true)];

/**
 * Resolves when the API server answers over each connection that calls use. This keeps them open, so that no launch has to
 * wait for a handshake.
 *
 * @param limit milliseconds
 */
export async function anyAnswers(
  transports: readonly Transport[],
  limit: number,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(
    transports.flatMap((transport) => CONNECTIONS.map((apart) => anyAnswer(transport, { limit, apart }, signal))),
  );
}

/** Any response counts, even one that says the API server is not ready or forbids the request. */
async function anyAnswer(
  transport: Transport,
  options: { readonly limit: number; readonly apart: boolean },
  signal: AbortSignal,
): Promise<void> {
  try {
    await transport.call({ method: "GET", path: "/readyz", ...options }, signal);
  } catch (error) {
    if (!(error instanceof KubernetesError) || error.status === undefined) throw error;
  }
}
