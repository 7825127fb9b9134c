import type { Invalid, Subset } from "@view-gateway/types";
import { scopeOf, sessionPolicy } from "./session_policy.ts";

/** Problems of a view's subsets; pointers are into its spec. */
export function subsetProblems(subsets: readonly Subset[]): readonly Invalid[] {
  const result = sessionPolicy(subsets);
  const problems = "problems" in result ? result.problems : [];
  return [
    ...problems.map(({ pointer, detail }) => ({ pointer: `/subsets${pointer}`, detail })),
    ...repetitions(subsets),
  ];
}

/**
 * Subsets with the same bucket and prefix: that is a mistake, and with different access it would be ambiguous. A subset that
 * only covers another is allowed and merged with it: see `scopesOf`.
 */
function repetitions(subsets: readonly Subset[]): readonly Invalid[] {
  const names = subsets.map((subset) => {
    const { bucket, prefix } = scopeOf(subset);
    return `${bucket}/${prefix}`;
  });
  return names.flatMap((name, i) => {
    const first = names.indexOf(name);
    return first === i ? [] : [{ pointer: `/subsets/${i}`, detail: `is the same subset as /subsets/${first}` }];
  });
}
