import { setTimeout as pause } from "node:timers/promises";
import { POOL_LABEL } from "../../sidecar/view/labels.ts";
import type { Kubectl } from "../deploy/kubectl.ts";
import { CommandError } from "../process/command.ts";

/** How long the first pods of a pool may take. */
const LIMIT = 60_000;

interface Pods {
  readonly items: readonly {
    readonly metadata: { readonly labels: Readonly<Record<string, string>> };
    readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
  }[];
}

/**
 * Waits until a pod of the template's pool is ready for a view.
 * @throws CommandError where none is in time
 */
export async function untilWarm(
  kubectl: Kubectl,
  namespace: string,
  template: string,
  signal: AbortSignal,
): Promise<void> {
  const get = ["get", "pods", `--namespace=${namespace}`, `--selector=${POOL_LABEL}`];
  for (const end = Date.now() + LIMIT; !hasReadyPod(await kubectl.json<Pods>(get, { signal }), template);) {
    if (Date.now() > end) throw new CommandError(`No pod of template ${template} was ready within ${LIMIT / 1000} s.`);
    await pause(200, undefined, { signal });
  }
}

/** Whether a pod of the template's pool is ready. The label has the template's name, and a key. */
export function hasReadyPod({ items }: Pods, template: string): boolean {
  return items.some(({ metadata, status }) =>
    metadata.labels[POOL_LABEL]?.replace(/-[^-]*$/, "") === template &&
    status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True")
  );
}
