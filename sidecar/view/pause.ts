import type { StartAttempt } from "./state.ts";

/** Seconds. */
const MAX_PAUSE = 300;

/**
 * Seconds between a failed start and the next, so that a view which is broken does not become a crash loop that the
 * cluster pays for: none after the first failure, then 2, 4, 8 … 300.
 * @param failures starts that have failed one after the other
 */
export function pauseAfter(failures: number): number {
  return failures <= 1 ? 0 : Math.min(2 ** (failures - 1), MAX_PAUSE);
}

/**
 * Seconds that are left of the pause after this attempt, which has failed; whole ones, as `Retry-After` has them. Never
 * more than the pause, also where this clock is behind Kubernetes'.
 * @param now milliseconds since the epoch
 */
export function remainingPause({ failures, createdAt, failedAt }: StartAttempt, now: number): number {
  const pause = pauseAfter(failures + 1);
  const since = (now - Date.parse(failedAt ?? createdAt)) / 1000;
  return Number.isNaN(since) ? 0 : Math.max(0, Math.min(pause, Math.ceil(pause - since)));
}
