import { setTimeout as delay } from "node:timers/promises";

export interface UntilOptions {
  readonly milliseconds: number;
  readonly signal?: AbortSignal | undefined;
  /** More text for the error, such as the end of a log. */
  readonly explain?: () => string | Promise<string>;
}

/**
 * Checks every 20 ms until a condition holds.
 * @throws Error if it does not hold in time
 */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  { milliseconds, signal, explain }: UntilOptions,
): Promise<void> {
  const deadline = performance.now() + milliseconds;
  while (!await condition()) {
    signal?.throwIfAborted();
    if (performance.now() > deadline) {
      throw new Error([`Not within ${milliseconds / 1000} s: ${what}.`, await explain?.()].filter(Boolean).join("\n"));
    }
    await delay(20, undefined, { ...(signal && { signal }) });
  }
}
