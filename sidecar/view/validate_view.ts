import { type CreateView, type Invalid, validate, type View } from "@view-gateway/types";
import { accessProblems } from "./access_problems.ts";
import { type LeaseBounds, leaseProblems } from "./lease.ts";
import { subsetProblems } from "./subset_problems.ts";

interface Shapes {
  /** The spec in a Service's annotation. */
  readonly View: View;
  /** A spec with the view's name, as in a request to the API. */
  readonly CreateView: CreateView;
}

/**
 * Validates a spec and reports all its problems: those that the JSON Schema finds and, in members that fit the schema, those
 * that no schema can find.
 */
export function validateView<Name extends keyof Shapes>(
  name: Name,
  value: unknown,
  bounds: LeaseBounds,
): { readonly value: Shapes[Name] } | { readonly errors: readonly Invalid[] } {
  const result = validate(name, value);
  const schemaErrors = "errors" in result ? result.errors : [];
  const { subsets, access, idleSeconds, maxLifetimeSeconds } = validMembers(value, schemaErrors);
  const errors = [
    ...schemaErrors,
    ...subsets === undefined ? [] : subsetProblems(subsets),
    ...access === undefined ? [] : accessProblems(access),
    ...leaseProblems({
      ...idleSeconds !== undefined && { idleSeconds },
      ...maxLifetimeSeconds !== undefined && { maxLifetimeSeconds },
    }, bounds),
  ];
  return "value" in result && errors.length === 0 ? { value: result.value as Shapes[Name] } : { errors };
}

/** The members without an error. */
export function validMembers(value: unknown, errors: readonly Invalid[]): Partial<View> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter(([member]) =>
      !errors.some(({ pointer }) => pointer === `/${member}` || pointer.startsWith(`/${member}/`))
    ),
  );
}
