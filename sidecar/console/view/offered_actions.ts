import type { DetailsPage } from "../console_page.ts";

/** What changes the view's Job: the last part of the request's path. */
export type ViewAction = "wake" | "sleep" | "restart";

/** An action that the visitor may do. */
export interface OfferedAction {
  readonly action: ViewAction;
  readonly label: string;
  /** Whether it changes something in the present phase. */
  readonly isPossible: boolean;
}

/** What the page of a view offers to its visitor. */
export interface OfferedActions {
  readonly open: boolean;
  readonly jobActions: readonly OfferedAction[];
  /** Only a valid spec can be edited. */
  readonly edit: boolean;
  readonly delete: boolean;
}

/** What the page offers. The API decides anew about each request. */
export function actionsFor({ view: { phase, effective }, may }: Pick<DetailsPage, "view" | "may">): OfferedActions {
  const isRunning = phase === "starting" || phase === "awake";
  const wake = { action: "wake", label: "Wake", isPossible: !isRunning } as const;
  const sleep = { action: "sleep", label: "Sleep", isPossible: phase !== "asleep" } as const;
  const restart = { action: "restart", label: "Restart", isPossible: isRunning } as const;
  return {
    open: may.open,
    jobActions: [...may.open ? [wake] : [], ...may.change ? [sleep, restart] : []],
    edit: may.change && effective !== undefined,
    delete: may.delete,
  };
}
