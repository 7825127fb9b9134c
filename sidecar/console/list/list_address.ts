import type { ListQuery } from "../console_page.ts";

/** The address of the list of these views. */
export function listAddress(query: ListQuery): `/${string}` {
  const parameters = new URLSearchParams(entriesOf(query));
  return parameters.size === 0 ? "/" : `/?${parameters}`;
}

/** The address of the changes of these views. A page's changes are among those of the whole list. */
export function watchAddress({ after: _, ...filters }: ListQuery): string {
  const parameters = new URLSearchParams(entriesOf(filters));
  return parameters.size === 0 ? "/_api/views?watch" : `/_api/views?watch&${parameters}`;
}

function entriesOf(query: ListQuery): [string, string][] {
  return Object.entries(query).filter(([, value]) => value !== undefined && value !== "") as [string, string][];
}
