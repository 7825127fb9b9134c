import { randomInt } from "node:crypto";

/** The seed of a run's choices: SEED, which repeats a run, or a new one. */
export const seed: number = process.env.SEED === undefined ? randomInt(2 ** 31) : Number(process.env.SEED);

if (!Number.isInteger(seed)) throw new Error(`SEED is "${process.env.SEED}": it must be a whole number.`);

/** Numbers from 0 to 1 that follow from the seed (mulberry32). */
export function random(from: number = seed): () => number {
  let state = from | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One of several. */
export function oneOf<T>(next: () => number, all: readonly T[]): T {
  return all[Math.floor(next() * all.length)]!;
}
