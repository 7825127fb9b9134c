import { isViewName } from "../view/name.ts";
import { returnPath } from "./return_path.ts";

/** Where a person goes after the sign-in: to a page of the base host, or of a view's host. */
export type SignInGoal = BaseGoal | ViewGoal;

export interface BaseGoal {
  readonly view?: undefined;
  readonly path: string;
}

export interface ViewGoal {
  readonly view: string;
  /** What the browser has to know at the view's host, as its SHA-256. */
  readonly nonce: string;
  readonly path: string;
}

/** Reads a goal from a query or a form; undefined where it is none that the gateway has written. */
export function goalOf(query: Pick<URLSearchParams, "get">): SignInGoal | undefined {
  const [view, nonce] = [query.get("view"), query.get("nonce")];
  const path = returnPath(query.get("path") ?? "/");
  if (path === undefined) return undefined;
  if (view === null) return nonce === null ? { path } : undefined;
  return isViewName(view) && nonce !== null && /^[\w-]{43}$/.test(nonce) ? { view, nonce, path } : undefined;
}

/** The members of a goal, as a query or a form has them. */
export function goalMembers(goal: SignInGoal): readonly (readonly [string, string])[] {
  const { path } = goal;
  if (goal.view !== undefined) return [["view", goal.view], ["nonce", goal.nonce], ["path", path]];
  return path === "/" ? [] : [["path", path]];
}

/** A page of the base host with a goal in its query. */
export function pathWithGoal(path: string, goal: SignInGoal, more: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams([
    ...goalMembers(goal).map(([name, value]) => [name, value]),
    ...Object.entries(more),
  ]);
  return query.size === 0 ? path : `${path}?${query}`;
}
