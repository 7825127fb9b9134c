import { ok } from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";

/** Waits until this holds; fails after this many seconds. */
export async function eventually(what: string, reached: () => Promise<boolean>, seconds = 10): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (!await reached()) {
    ok(performance.now() < end, `not within ${seconds} s: ${what}`);
    await pause(50);
  }
}
