import type { LeftOver } from "./left_over.ts";
import { seed } from "./seed.ts";
import type { Tally } from "./tally.ts";

/** Prints what a fault did, in one line; `more` is what else was counted. */
export function printOutcome(
  fault: string,
  { sent, ok, otherwise }: Tally,
  { jobs, secrets, services }: LeftOver,
  more: Readonly<Record<string, number>> = {},
): void {
  const others = Object.entries(otherwise).map(([outcome, count]) => `${count} × ${outcome}`).join(", ");
  const extra = Object.entries(more).map(([name, count]) => `; ${name} ${count}`).join("");
  console.log(
    `${fault} (SEED=${seed}): sent ${sent}; 200 ${ok}; otherwise ${others || 0}; ` +
      `left over: Jobs ${jobs}, Secrets ${secrets}, Services ${services}${extra}`,
  );
}
