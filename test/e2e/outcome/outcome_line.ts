import type { LeftOver } from "./left_over.ts";
import { seed } from "../seed.ts";
import type { Tally } from "./tally.ts";

/** How much is printed of what a refusal says. */
const EXCERPT = 400;

/** Prints what a fault did, in one line; `more` is what else was counted. Each kind of refusal is quoted once. */
export function printOutcome(
  fault: string,
  { sent, ok, otherwise, examples }: Tally,
  { jobs, secrets, services }: LeftOver,
  more: Readonly<Record<string, number>> = {},
): void {
  const others = Object.entries(otherwise).map(([outcome, count]) => `${count} × ${outcome}`).join(", ");
  const extra = Object.entries(more).map(([name, count]) => `; ${name} ${count}`).join("");
  console.log(
    `${fault} (SEED=${seed}): sent ${sent}; 200 ${ok}; otherwise ${others || 0}; ` +
      `left over: Jobs ${jobs}, Secrets ${secrets}, Services ${services}${extra}`,
  );
  for (const [outcome, text] of examples.filter(([, text]) => text !== "")) {
    console.log(`  ${outcome}: ${text.slice(0, EXCERPT)}`);
  }
}
