/** A counter's value for an outcome, in Prometheus' text format; 0 if it has not counted yet. */
export function metric(page: string, name: string, outcome: string): number {
  const line = page.split("\n").find((line) => line.startsWith(`${name}{`) && line.includes(`outcome="${outcome}"`));
  return line === undefined ? 0 : Number(line.slice(line.lastIndexOf(" ") + 1));
}
