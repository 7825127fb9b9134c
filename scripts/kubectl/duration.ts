import { InvalidArgumentError } from "commander";

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/**
 * The seconds of a duration as kubectl takes it: `90s`, `5m`, `1h30m`, or a number of seconds.
 * @throws InvalidArgumentError
 */
export function secondsOf(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  if (!/^(\d{1,9}[smhd])+$/.test(text)) {
    throw new InvalidArgumentError("It must be a duration, such as 90s, 5m or 1h30m.");
  }
  return [...text.matchAll(/(\d+)([smhd])/g)].reduce((sum, [, count, unit]) => sum + Number(count) * UNITS[unit!]!, 0);
}

/** Seconds in the words of kubectl: `42s`, `5m`, `3h20m`, `12d`. */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 120) return `${whole}s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 120) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours < 8) return `${hours}h${rest === 0 ? "" : `${rest}m`}`;
  return hours < 48 ? `${hours}h` : `${Math.floor(hours / 24)}d`;
}
