import { RE2JS } from "re2js";

/** Of RE2's program; gateway/base/envoy.yaml lets Envoy take twice as much, as this count is not RE2's own. */
const LARGEST = 5_000;

/** Why Envoy would refuse a regular expression, and with it the route table that holds it; undefined where it would not. */
export function patternProblem(pattern: string): string | undefined {
  try {
    const size = RE2JS.compile(pattern).programSize();
    return size > LARGEST ? `its program has ${size} instructions, and ${LARGEST} are possible` : undefined;
  } catch (error) {
    return (error as Error).message.replace(/^error parsing regexp: /, "");
  }
}
