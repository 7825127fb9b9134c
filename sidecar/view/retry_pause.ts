import type { StartAttempt } from "./state.ts";

/** Seconds. */
const MAX_PAUSE = 300;

/**
 * Seconds between a failed start and the next one, so that a broken view does not become a crash loop: none after the first
 * failure, then 2, 4, 8 … 300.
 * @param failures consecutive failed starts
 */
export function pauseAfter(failures: number): number {
  return failures <= 1 ? 0 : Math.min(2 ** (failures - 1), MAX_PAUSE);
}

/**
 * The remaining seconds of the pause after this failed attempt; integers, as in `Retry-After`. Never more than the pause, even
 * if this clock is behind Kubernetes'.
 * @param now milliseconds since the epoch
 */
export function remainingPause({ failures, createdAt, failedAt }: StartAttempt, now: number): number {
  const pause = pauseAfter(failures + 1);
  const since = (now - Date.parse(failedAt ?? createdAt)) / 1000;
  return Number.isNaN(since) ? 0 : Math.max(0, Math.min(pause, Math.ceil(pause - since)));
}
