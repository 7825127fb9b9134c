import type { ViewState } from "../view/state.ts";
import type { Identity } from "./identity.ts";

/** Of RBAC, on `services` in the views' namespace. `open`: the view's host, with its pages, `/_lake/` and `/_gate/`. */
export type Verb = "list" | "get" | "create" | "patch" | "delete" | "open";

export type Ruling =
  | { readonly kind: "allowed"; readonly why: "owner" | "access" | "public" | "rbac" | "no authentication" }
  /** `detail` is a sentence for the user. */
  | { readonly kind: "forbidden"; readonly detail: string }
  /** The API server cannot say now; `detail` is the cause. */
  | { readonly kind: "unknown"; readonly detail: string };

export interface Rights {
  /**
   * In this order: the view is public (to open it alone), the person owns it, its spec shares it (to open and get it), and
   * Kubernetes' RBAC says so.
   * @param view undefined for `list` and `create`; for another verb, all views
   * @throws the signal's reason
   */
  may(identity: Identity, verb: Verb, view: ViewState | undefined, signal: AbortSignal): Promise<Ruling>;
}
