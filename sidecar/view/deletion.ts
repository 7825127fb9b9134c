import { BEING_DELETED, type Cause } from "./reasons.ts";

/** Kubernetes' own finalizers, which it removes itself. Any other may stay forever. */
const PASSING = new Set(["foregroundDeletion", "orphan"]);

/** The finalizers that may block an object's deletion forever. */
export function blockingFinalizers(finalizers: readonly string[] | undefined): readonly string[] {
  return (finalizers ?? []).filter((finalizer) => !PASSING.has(finalizer));
}

/** Why a view cannot start while a former object still has its name. */
export function beingDeletedCause(
  kind: keyof typeof BEING_DELETED,
  name: string,
  finalizers: readonly string[],
): Cause {
  const [them, they] = finalizers.length === 1 ? ["finalizer", "keeps"] : ["finalizers", "keep"];
  return {
    reason: BEING_DELETED[kind],
    message:
      `The view's former ${kind} ${name} is still being deleted: the ${them} ${finalizers.join(", ")} ${they} it. ` +
      `Remove the ${them}; then the view can start.`,
  };
}
