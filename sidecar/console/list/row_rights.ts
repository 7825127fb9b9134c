import type { ViewResource } from "@view-gateway/types";
import type { ListPage } from "../console_page.ts";

/** What a row offers to its visitor. */
export interface RowRights {
  /** The visitor may see the view, not only open it. */
  readonly canSee: boolean;
  readonly canWake: boolean;
  readonly canSleep: boolean;
  readonly canDelete: boolean;
}

/**
 * What a row offers. Who may do it by a rule for this one view alone finds it on the view's own page: to ask Kubernetes about
 * each row would take too many questions.
 */
export function rowRights(view: ViewResource, { visitor, mayAll }: Pick<ListPage, "visitor" | "mayAll">): RowRights {
  const { phase, owner } = view;
  const isOwner = owner !== undefined && owner === visitor?.user;
  const may = (verb: "patch" | "delete") => isOwner || mayAll.includes(verb);
  return {
    // What a visitor may only open comes without its spec.
    canSee: !view.public || view.effective !== undefined,
    canWake: phase === "asleep" || phase === "failed",
    canSleep: (phase === "awake" || phase === "starting") && may("patch"),
    canDelete: may("delete"),
  };
}
