import { setTimeout as pause } from "node:timers/promises";

export interface Patience {
  /** The limit in milliseconds. */
  readonly within?: number;
  /** Milliseconds between checks. */
  readonly every?: number;
}

/** Checks again and again until there is a result, and answers it. */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  { within = 30_000, every = 100 }: Patience = {},
): Promise<T> {
  const deadline = performance.now() + within;
  while (true) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (performance.now() > deadline) {
      throw new Error(`Not within ${within / 1000} s: ${what}`);
    }
    await pause(every);
  }
}
