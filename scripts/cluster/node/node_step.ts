import type { NodeKindName, NodeOptions, NodeState } from "./node_kind.ts";

/** What is to be done so that the node is up as it is wanted. */
export type NodeStep =
  | { readonly do: "keep" }
  | { readonly do: "set-restart-backoff"; readonly duration: string | undefined }
  | { readonly do: "revive" }
  | { readonly do: "start" }
  | { readonly do: "refuse"; readonly reason: string };

/**
 * Nobody loses a node that is up because another wants a node that is different: the latter is refused.
 * @param missing what should run of the node and does not
 * @param kind the only one that will do; any where undefined
 */
export function nodeStep(
  state: NodeState | undefined,
  missing: readonly string[],
  options: NodeOptions,
  kind?: NodeKindName,
): NodeStep {
  // What has failed halfway is of use to nobody.
  if (!state?.cluster) return { do: "start" };
  if (kind !== undefined && kind !== state.kind) {
    return {
      do: "refuse",
      reason: `The node is up by ${nameOf(state.kind)}, and this needs ${nameOf(kind)}.`,
    };
  }
  if (missing.length > 0) return { do: "revive" };
  const duration = options.restartBackoff ?? state.restartBackoff;
  if (duration === state.restartBackoff) return { do: "keep" };
  if (state.kind === "own") return { do: "set-restart-backoff", duration };
  return {
    do: "refuse",
    reason: `The node is up by k3d, which cannot change how long restarts are put off.`,
  };
}

function nameOf(kind: NodeKindName): string {
  return { k3d: "k3d", own: "the project's own way (Linux and root)" }[kind];
}
