import type { Cause } from "../view/state.ts";
import { KubernetesError } from "./kubernetes_error.ts";

/** A write that did not happen: refused for a cause that will not pass by itself, or not possible now. */
export type Refusal =
  | { readonly kind: "refused"; readonly cause: Cause }
  | { readonly kind: "unavailable"; readonly message: string };

/** What an error says about a write; an error that is not Kubernetes' is thrown on. */
export function refusalOf(error: unknown): Refusal {
  if (!(error instanceof KubernetesError)) throw error;
  const { kind, reason, message } = error;
  switch (kind) {
    case "Forbidden":
    case "Invalid":
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
