import { ok } from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";

/** Looks again and again until it is so, for ten seconds at most. */
export async function until(what: string, reached: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 10_000;
  while (!await reached()) {
    ok(performance.now() < end, `not within 10 s: ${what}`);
    await pause(50);
  }
}
