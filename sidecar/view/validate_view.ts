import { type CreateView, type Invalid, validate, type View } from "@view-gateway/types";
import { type LeaseBounds, leaseProblems } from "./lease.ts";
import { subsetProblems } from "./subset_problems.ts";

interface Shapes {
  /** The spec that a Service holds. */
  readonly View: View;
  /** A spec with the view's name, as the API takes it. */
  readonly CreateView: CreateView;
}

/**
 * A spec that the gateway can use, or everything that is wrong with it: what its JSON Schema says, and of the members that
 * fit the schema also what no schema can say.
 */
export function validateView<Name extends keyof Shapes>(
  name: Name,
  value: unknown,
  bounds: LeaseBounds,
): { readonly value: Shapes[Name] } | { readonly errors: readonly Invalid[] } {
  const result = validate(name, value);
  const said = "errors" in result ? result.errors : [];
  const { subsets, idleSeconds, maxLifetimeSeconds } = sound(value, said);
  const errors = [
    ...said,
    ...subsets === undefined ? [] : subsetProblems(subsets),
    ...leaseProblems({
      ...idleSeconds !== undefined && { idleSeconds },
      ...maxLifetimeSeconds !== undefined && { maxLifetimeSeconds },
    }, bounds),
  ];
  return "value" in result && errors.length === 0 ? { value: result.value as Shapes[Name] } : { errors };
}

/** The members that the schema has nothing to say against. */
function sound(value: unknown, said: readonly Invalid[]): Partial<View> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter(([member]) =>
      !said.some(({ pointer }) => pointer === `/${member}` || pointer.startsWith(`/${member}/`))
    ),
  );
}
