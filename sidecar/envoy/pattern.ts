import { RE2JS } from "re2js";

/** Largest RE2 program. gateway/base/envoy.yaml allows Envoy twice as much, because this count is not RE2's own. */
const LARGEST = 5_000;

/** Why Envoy would refuse a regular expression, and with it all routes; undefined where it would accept it. */
export function patternProblem(pattern: string): string | undefined {
  try {
    const size = RE2JS.compile(pattern).programSize();
    return size > LARGEST ? `its program has ${size} instructions, and ${LARGEST} are possible` : undefined;
  } catch (error) {
    return (error as Error).message.replace(/^error parsing regexp: /, "");
  }
}
