/** Three digits that count, and thin spaces between thousands: `12 300`, `4.56`, `0.078`. */
export function shown(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  const [whole, fraction] = round(value).toFixed(Math.min(digits, 6)).split(".");
  const grouped = whole!.replaceAll(/\B(?=(\d{3})+$)/g, "\u202f");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** With two decimals, as goals have them. */
export function ratio(value: number): string {
  return value >= 10 ? shown(value) : value.toFixed(2);
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}
