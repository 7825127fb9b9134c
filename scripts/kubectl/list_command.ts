import type { ViewList, ViewResource } from "@view-gateway/types";
import { durationText } from "./duration.ts";
import { columns } from "./terminal.ts";
import type { ViewCommand } from "./view_command.ts";

/** Views on one page of the API. */
const PAGE = 500;

/** What kubectl shows in an empty place, so that each row has all columns. */
const NONE = "<none>";

export interface ListOptions {
  readonly phase?: string;
  readonly owner?: string;
  readonly query?: string;
  readonly output?: "wide" | "json" | "name";
}

/** `kubectl view list`: the views that the user may see, from all pages. */
export async function printList({ api, terminal, now }: ViewCommand, options: ListOptions): Promise<void> {
  const { phase, owner, query, output } = options;
  const parameters = new URLSearchParams({
    limit: String(PAGE),
    ...phase !== undefined && { phase },
    ...owner !== undefined && { owner },
    ...query !== undefined && { q: query },
  });
  const views: ViewResource[] = [];
  for (let path: string | undefined = `/_api/views?${parameters}`; path !== undefined;) {
    const page: ViewList = await api.ask(path);
    views.push(...page.items);
    path = page.next;
  }
  if (output === "json") {
    return await terminal.out(`${JSON.stringify({ items: views, total: views.length }, null, 2)}\n`);
  }
  if (output === "name") return await terminal.out(views.map(({ name }) => `${name}\n`).join(""));
  if (views.length > 0) return await terminal.out(viewTable(views, output === "wide", now()));
  const isFiltered = [phase, owner, query].some((filter) => filter !== undefined);
  await terminal.err(isFiltered ? "No view fits the filters.\n" : "There is no view that you may see.\n");
}

/**
 * The table of views.
 * @param now milliseconds since the epoch
 */
export function viewTable(views: readonly ViewResource[], isWide: boolean, now: number): string {
  const since = (at: string | undefined) => at === undefined ? NONE : durationText((now - Date.parse(at)) / 1000);
  const more = (view: ViewResource) => [
    view.start ?? NONE,
    since(view.lastRequestAt),
    view.effective === undefined ? NONE : durationText(view.effective.idleSeconds),
    (view.subsets ?? []).map(({ bucket, prefix = "" }) => `${bucket}/${prefix}`).join(",") || NONE,
    view.route.url,
  ];
  return columns(
    ["NAME", "PHASE", "TEMPLATE", "OWNER", "AGE", ...isWide ? ["START", "LAST REQUEST", "IDLE", "SUBSETS", "URL"] : []],
    views.map((view) => [
      view.name,
      view.cause === undefined ? view.phase : `${view.phase} (${view.cause.reason})`,
      view.template ?? "<default>",
      view.owner ?? NONE,
      since(view.createdAt),
      ...isWide ? more(view) : [],
    ]),
  );
}
