/** Units of a duration that a person types. */
export const TIME_UNITS = ["seconds", "minutes", "hours", "days"] as const;
export type TimeUnit = typeof TIME_UNITS[number];

/** A duration as a person types it. */
export interface TypedDuration {
  readonly amount: string;
  readonly unit: TimeUnit;
}

const SECONDS: Readonly<Record<TimeUnit, number>> = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 };

/** The seconds, in the largest unit that gives a whole number. */
export function typedDuration(seconds: number): TypedDuration {
  const unit = TIME_UNITS.findLast((unit) => seconds !== 0 && seconds % SECONDS[unit] === 0) ?? "seconds";
  return { amount: String(seconds / SECONDS[unit]), unit };
}

/** Undefined where the amount is no number. */
export function secondsIn({ amount, unit }: TypedDuration): number | undefined {
  const text = amount.trim().replace(",", ".");
  if (!/^\d+(\.\d+)?$/.test(text)) return undefined;
  const seconds = Math.round(Number(text) * SECONDS[unit]);
  return Number.isSafeInteger(seconds) ? seconds : undefined;
}

/** The seconds for people: `1 hour 30 minutes`. */
export function durationInWords(seconds: number): string {
  const parts: string[] = [];
  let rest = seconds;
  for (const unit of TIME_UNITS.toReversed()) {
    const count = Math.floor(rest / SECONDS[unit]);
    rest -= count * SECONDS[unit];
    if (count > 0) parts.push(`${count} ${count === 1 ? unit.slice(0, -1) : unit}`);
  }
  return parts.join(" ") || "0 seconds";
}
