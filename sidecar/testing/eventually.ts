import { ok } from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";

/** Waits until this holds; fails after ten seconds. */
export async function eventually(what: string, reached: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 10_000;
  while (!await reached()) {
    ok(performance.now() < end, `not within 10 s: ${what}`);
    await pause(50);
  }
}
