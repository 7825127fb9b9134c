const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Keeps a number and its unit on one line. */
const SPACE = "\u00a0";

/** A span of time in its two largest units, such as `2 h 5 min`. From ten minutes on, seconds say nothing. */
export function spanOf(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < MINUTE) return `${seconds}${SPACE}s`;
  if (seconds < 10 * MINUTE) return twoUnits(seconds, MINUTE, "min", 1, "s");
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)}${SPACE}min`;
  if (seconds < DAY) return twoUnits(seconds, HOUR, "h", MINUTE, "min");
  const days = Math.floor(seconds / DAY);
  return `${days}${SPACE}${days === 1 ? "day" : "days"}`;
}

function twoUnits(seconds: number, large: number, name: string, small: number, smallName: string): string {
  const rest = Math.floor(seconds % large / small);
  const whole = `${Math.floor(seconds / large)}${SPACE}${name}`;
  return rest === 0 ? whole : `${whole} ${rest}${SPACE}${smallName}`;
}

/** How long ago a time is, such as `5 min ago`. */
export function agoText(at: string, now: number): string {
  const passed = now - Date.parse(at);
  return passed < 1000 ? "now" : `${spanOf(passed)} ago`;
}

/** How soon a time comes, such as `in 5 min`. */
export function untilText(at: string, now: number): string {
  const left = Date.parse(at) - now;
  return left < 1000 ? "now" : `in ${spanOf(left)}`;
}
