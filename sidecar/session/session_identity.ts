import type { Identity } from "../access/identity.ts";

/** Bytes of a user's name and of an address at most: a cookie has room for both. */
const LONGEST_USER = 1_024;
const LONGEST_EMAIL = 320;

// deno-lint-ignore no-control-regex -- Envoy puts claims into headers: one of these would fail every request of that person
const CONTROL = /[\u0000-\u001f\u007f]/;

/**
 * The identity as cookies and headers can hold it; undefined where they cannot hold the user's name. Nothing is repaired: a
 * name without its odd characters is another name. One header has all groups, separated by commas, so a group with a comma
 * is left out.
 */
export function identityForHeaders({ user, email, groups }: Identity): Identity | undefined {
  if (!fitsHeader(user) || bytesOf(user) > LONGEST_USER) return undefined;
  return {
    user,
    ...email !== undefined && fitsHeader(email) && bytesOf(email) <= LONGEST_EMAIL && { email },
    groups: groups.filter((group) => fitsHeader(group) && !group.includes(",")),
  };
}

function fitsHeader(text: string): boolean {
  return text !== "" && text === text.trim() && !CONTROL.test(text) && text.isWellFormed();
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

/**
 * As many groups as fit, those that views name first. So a user with very many groups can still sign in.
 * @param named the groups that views are shared with
 */
export async function groupsThatFit(
  groups: readonly string[],
  named: () => ReadonlySet<string>,
  fit: (groups: readonly string[]) => Promise<boolean>,
): Promise<readonly string[]> {
  if (await fit(groups)) return groups;
  const wanted = named();
  const ordered = [...groups.filter((group) => wanted.has(group)), ...groups.filter((group) => !wanted.has(group))];
  let [good, bad] = [0, ordered.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (await fit(ordered.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return ordered.slice(0, good);
}
