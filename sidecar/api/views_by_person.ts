import { ANONYMOUS, type Identity } from "../access/identity.ts";
import { ByName } from "../view/by_name.ts";
import type { ViewState } from "../view/state.ts";

/**
 * The names of the views that a person owns or that are shared with them. To find those of one person among 100,000 costs
 * what their own cost.
 */
export class ViewsByPerson {
  readonly #names = new Map<string, ByName<string>>();

  /** A view's state has changed. */
  changed(name: string, after: ViewState | undefined, before: ViewState | undefined): void {
    const [present, former] = [keysOf(after), keysOf(before)];
    for (const key of former.difference(present)) {
      const names = this.#names.get(key);
      names?.delete(name);
      if (names?.page("", 1).length === 0) this.#names.delete(key);
    }
    for (const key of present.difference(former)) {
      const names = this.#names.get(key) ?? new ByName<string>();
      this.#names.set(key, names);
      names.set(name, name);
    }
  }

  /** Up to `limit` names after the given one, in order. */
  page({ user, groups }: Identity, after: string, limit: number): readonly string[] {
    // An anonymous request owns nothing and shares nothing, whatever a spec says.
    if (user === ANONYMOUS.user) return [];
    const keys = [userKey(user), ...groups.map(groupKey), EVERYONE];
    const found = new Set(keys.flatMap((key) => this.#names.get(key)?.page(after, limit) ?? []));
    return [...found].sort().slice(0, limit);
  }

  /** The same of the views that are open to everybody. */
  publicPage(after: string, limit: number): readonly string[] {
    return this.#names.get(PUBLIC)?.page(after, limit) ?? [];
  }
}

const EVERYONE = "everyone";
const PUBLIC = "public";
const userKey = (user: string) => `user ${user}`;
const groupKey = (group: string) => `group ${group}`;

function keysOf(state: ViewState | undefined): ReadonlySet<string> {
  if (state === undefined) return new Set();
  const { users = [], groups = [], everyone } = state.spec?.access ?? {};
  return new Set([
    ...state.owner === undefined ? [] : [userKey(state.owner)],
    ...users.map(userKey),
    ...groups.map(groupKey),
    ...everyone ? [EVERYONE] : [],
    ...state.public ? [PUBLIC] : [],
  ]);
}
