import { Backoff } from "../../async/backoff.ts";
import type { Time } from "../../async/time.ts";
import type { KubernetesError } from "../kubernetes_error.ts";
import { isKind } from "../refusal.ts";

/** How often a request is sent before its failure counts. */
const TRIES = 3;

/**
 * Sends a request again after failures of these kinds, which must be such that a second one does no harm.
 * @throws the last failure, or the signal's reason
 */
export async function retried<T>(
  time: Pick<Time, "pause" | "random">,
  signal: AbortSignal,
  kinds: readonly KubernetesError["kind"][],
  send: () => Promise<T>,
): Promise<T> {
  const backoff = new Backoff(time.random);
  for (let tries = 1;; tries++) {
    try {
      return await send();
    } catch (error) {
      if (!isKind(error, ...kinds) || tries === TRIES) throw error;
      await time.pause(backoff.next(error.retryAfter), signal);
    }
  }
}
