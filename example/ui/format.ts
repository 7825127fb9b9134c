/** Numbers as people read them. */

export function count(value: number): string {
  return value.toLocaleString("en-US");
}

export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

export function bytes(value: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value >= 100 || unit === 0 ? Math.round(value) : value.toPrecision(2)} ${units[unit]}`;
}

export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`;
  return `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 2 : 1)} s`;
}

/** A short form for an axis: 12k, 3.4M. */
export function short(value: number): string {
  const size = Math.abs(value);
  for (const [limit, suffix] of [[1e12, "T"], [1e9, "B"], [1e6, "M"], [1e3, "k"]] as const) {
    if (size >= limit) return `${Number((value / limit).toPrecision(3))}${suffix}`;
  }
  return String(Number(value.toPrecision(3)));
}

/** A value of a table's cell. */
export function cell(value: unknown): string {
  if (value instanceof Date) return moment(value.toISOString());
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(15)));
  if (value instanceof Uint8Array) return `${plural(value.length, "byte")}`;
  if (typeof value === "object" && value !== null) {
    return JSON.stringify(value, (_, inner) => typeof inner === "bigint" ? inner.toString() : inner);
  }
  return String(value);
}

/** `2026-01-31T12:00:00.000Z` without what says nothing. */
export function moment(iso: string): string {
  return iso.replace("T", " ").replace(/(\.\d*?)0*Z?$/, "$1").replace(/\.$/, "").replace(/Z$/, "")
    .replace(/ 00:00:00$/, "");
}
