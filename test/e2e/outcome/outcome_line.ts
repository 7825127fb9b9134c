import type { LeftOver } from "./left_over.ts";
import { seed } from "../seed.ts";
import type { Tally } from "./tally.ts";

/** How many characters of a refusal's text are printed. */
const EXCERPT = 400;

/** Prints the effect of a fault in one line, with `more` counts, and the text of each kind of refusal once. */
export function printOutcome(
  fault: string,
  tally: Tally,
  { jobs, pods, secrets, services, strays }: LeftOver,
  more: Readonly<Record<string, number>> = {},
): void {
  const leftOver = `left over: Jobs ${jobs}, pods ${pods}, Secrets ${secrets}, Services ${services}, ` +
    `strays ${strays.join("; ") || 0}`;
  print(`${fault} (SEED=${seed})`, tally, [leftOver], more);
}

/** The same before it is known what is left over. */
export function printTally(what: string, tally: Tally, more: Readonly<Record<string, number>> = {}): void {
  print(what, tally, [], more);
}

function print(
  title: string,
  { sent, ok, otherwise, examples }: Tally,
  parts: readonly string[],
  more: Readonly<Record<string, number>>,
): void {
  const others = Object.entries(otherwise).map(([outcome, count]) => `${count} × ${outcome}`).join(", ");
  const counts = Object.entries(more).map(([name, count]) => `${name} ${count}`);
  console.log(`${title}: ${[`sent ${sent}`, `200 ${ok}`, `otherwise ${others || 0}`, ...parts, ...counts].join("; ")}`);
  for (const [outcome, text] of examples.filter(([, text]) => text !== "")) {
    console.log(`  ${outcome}: ${text.slice(0, EXCERPT)}`);
  }
}
