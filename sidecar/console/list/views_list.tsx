import { useEffect, useRef } from "preact/hooks";
import { useViewsList } from "../browser/use_views_list.ts";
import type { ListPage, ListQuery } from "../console_page.ts";
import { useAnnounce } from "../page/announce.ts";
import { ProblemNote } from "../page/problem_note.tsx";
import { EmptyList } from "./empty_list.tsx";
import { listAddress } from "./list_address.ts";
import { ListFilters } from "./list_filters.tsx";
import { StableRow } from "./view_row.tsx";

/** The list of views. */
export function ViewsList({ page: first }: { readonly page: ListPage }) {
  const { page, query, isLoading, isLost, problem, search, answered } = useViewsList(first);
  const { views, visitor, contact, mayAll, canCreate } = page;
  useSearchAnnounced(page);
  return (
    <>
      <div class="title">
        <h1>Views</h1>
        {canCreate && <a class="button" href="/new">New view</a>}
      </div>
      <ListFilters query={query} user={visitor?.user} onSearch={search} />
      {isLost && problem === undefined && (
        <p class="warning" role="status">
          The connection to the gateway is lost. What you see may be old. The page tries again by itself.
        </p>
      )}
      {problem !== undefined && <ProblemNote problem={problem} contact={contact} />}
      {views.length === 0 ? <EmptyList page={page} /> : (
        <>
          <p class="count">{countText(page)}</p>
          <table role="table" class="views" aria-label="Views" aria-busy={isLoading}>
            <Head />
            <tbody role="rowgroup">
              {views.map((view) => (
                <StableRow
                  key={view.name}
                  view={view}
                  visitor={visitor}
                  contact={contact}
                  mayAll={mayAll}
                  onAnswer={answered}
                />
              ))}
            </tbody>
          </table>
        </>
      )}
      <Pages page={page} />
    </>
  );
}

function Head() {
  return (
    <thead role="rowgroup">
      <tr role="row">
        {["View", "Phase", "Subsets", "Owner", "Time", "Actions"].map((name) => (
          <th key={name} role="columnheader" scope="col">{name}</th>
        ))}
      </tr>
    </thead>
  );
}

/** How many views there are, or how many fit. */
export function countText({ total, query: { after: _, ...filters } }: Pick<ListPage, "total" | "query">): string {
  const number = total.toLocaleString("en");
  const isFiltered = Object.keys(filters).length > 0;
  if (!isFiltered) return total === 1 ? "1 view" : `${number} views`;
  return total === 1 ? "1 view fits" : `${number} views fit`;
}

/** Says the outcome of a search, and not of every change. */
function useSearchAnnounced(page: ListPage): void {
  const announce = useAnnounce();
  const address = listAddress(page.query);
  const said = useRef(address);
  useEffect(() => {
    if (said.current === address) return;
    said.current = address;
    announce(page.total === 0 ? "No view fits." : `${countText(page)}.`);
  }, [address]);
}

function Pages({ page: { query, next } }: { readonly page: ListPage }) {
  const { after, ...filters }: ListQuery = query;
  if (after === undefined && next === undefined) return null;
  return (
    <nav class="pages" aria-label="Pages of the list">
      {after !== undefined && <a class="button quiet" href={listAddress(filters)}>First page</a>}
      {next !== undefined && <a class="button quiet" href={next}>Next page</a>}
    </nav>
  );
}
