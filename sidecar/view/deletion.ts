import { BEING_DELETED, type Cause } from "./reasons.ts";

/** Kubernetes' own: it takes them away when what the object owns is gone. Anybody else's may stay for ever. */
const PASSING = new Set(["foregroundDeletion", "orphan"]);

/** Those of an object's finalizers that may keep it for ever when it is deleted. */
export function blockingFinalizers(finalizers: readonly string[] | undefined): readonly string[] {
  return (finalizers ?? []).filter((finalizer) => !PASSING.has(finalizer));
}

/** Why a view cannot start whose former object still has its name. */
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
      `Whoever has set the ${them} has to take it away; the view starts then.`,
  };
}
