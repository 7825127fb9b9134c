import type { Refusal } from "../view/write_outcomes.ts";
import { KubernetesError } from "./kubernetes_error.ts";

/** Why a write did not happen; an error that is not Kubernetes' is thrown on. */
export function refusalOf(error: unknown): Refusal {
  if (!(error instanceof KubernetesError)) throw error;
  const { kind, reason, message } = error;
  switch (kind) {
    case "Forbidden":
    case "Invalid":
    case "TestFailed":
    case "NotFound":
    case "Gone":
      return { kind: "refused", cause: { reason, message } };
    default:
      return { kind: "unavailable", message };
  }
}

export function isKind(error: unknown, ...kinds: readonly KubernetesError["kind"][]): error is KubernetesError {
  return error instanceof KubernetesError && kinds.includes(error.kind);
}
