import type { Kubectl } from "./kubectl.ts";
import { MissingError } from "../needs/missing_error.ts";

/** Marks a namespace that the demo and the end-to-end tests have made. */
const LABEL = "view.yolean.se/made-for";

interface Namespace {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
}

/**
 * Sees to it that nothing is changed in a namespace that others have made.
 * @param names of the namespaces that are about to be made, or changed
 * @throws MissingError
 */
export async function requireOwnNamespaces(
  kubectl: Kubectl,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  const { items } = await kubectl.json<{ items: readonly Namespace[] }>(["get", "namespaces"], { signal });
  const foreign = foreignAmong(items, names);
  if (foreign.length === 0) return;
  throw new MissingError(
    `The cluster has namespaces that were not made here: ${foreign.join(", ")}. They stay as they are. ` +
      "Use a cluster without them, or unset KUBECONFIG to use the project's own.",
  );
}

export function foreignAmong(namespaces: readonly Namespace[], names: readonly string[]): readonly string[] {
  return namespaces
    .filter(({ metadata }) => names.includes(metadata.name) && metadata.labels?.[LABEL] === undefined)
    .map(({ metadata }) => metadata.name);
}
