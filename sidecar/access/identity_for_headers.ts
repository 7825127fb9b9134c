import type { Identity } from "./identity.ts";

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
