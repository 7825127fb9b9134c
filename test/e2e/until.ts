import { setTimeout as pause } from "node:timers/promises";

export interface Patience {
  /** Milliseconds after which it is given up. */
  readonly within?: number;
  /** Milliseconds between looks. */
  readonly every?: number;
}

/** Looks again and again until there is something to see, and answers it. */
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
