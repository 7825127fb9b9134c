import type { ViewResource } from "@view-gateway/types";
import type { ListPage } from "../console_page.ts";

/** The list of views. */
export function ViewsList({ page }: { readonly page: ListPage }) {
  return (
    <>
      <h1>Views</h1>
      <table>
        <thead>
          <tr>
            <th>View</th>
            <th>Phase</th>
            <th>Subsets</th>
            <th>Owner</th>
          </tr>
        </thead>
        <tbody>
          {page.views.map((view) => <ViewRow key={view.name} view={view} user={page.visitor?.user} />)}
        </tbody>
      </table>
      {page.next !== undefined && (
        <p>
          <a href={page.next}>Next page</a>
        </p>
      )}
    </>
  );
}

function ViewRow({ view, user }: { readonly view: ViewResource; readonly user: string | undefined }) {
  const subsets = (view.subsets ?? []).map(({ bucket, prefix }) => `${bucket}/${prefix ?? ""}`).join(", ");
  return (
    <tr>
      <td>
        <a href={view.route.url}>{view.name}</a> {view.public && <small class="public">public</small>}
      </td>
      <td>{view.phase}</td>
      <td>
        <code>{subsets || "–"}</code>
      </td>
      <td>{view.owner === undefined ? "–" : view.owner === user ? "you" : view.owner}</td>
    </tr>
  );
}
