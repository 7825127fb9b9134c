import type { ViewResource } from "@view-gateway/types";
import { html } from "hono/html";
import style from "./browser/overview.css" with { type: "text" };
import { type Page, pageOf, type Part } from "./document.ts";

/**
 * The page at the base host: each view with its phase and its link.
 * @param more whether there are more views than these
 */
export function overviewPage(views: readonly ViewResource[], more: boolean): Page {
  return pageOf({
    title: "Views",
    style,
    main: html`<main>
<h1>Views</h1>
${views.length === 0 ? NO_VIEW : table(views)}
${more ? html`<p>There are more: see <a href="/_api/views">/_api/views</a>.</p>` : ""}
</main>`,
  });
}

const NO_VIEW = html`<p>There is no view yet. Create one:</p>
<pre><code>curl -H 'Content-Type: application/json' -d '{"name": "hello", "subsets": []}' URL/_api/views</code></pre>`;

function table(views: readonly ViewResource[]): Part {
  return html`
    <table>
      <thead>
        <tr>
          <th>View<th>Phase<th>Subsets</thead>
    <tbody>${views.map(row)}</tbody>
    </table>
  `;
}

function row(view: ViewResource): Part {
  const subsets = (view.subsets ?? []).map(({ bucket, prefix }) => `${bucket}/${prefix ?? ""}`).join(", ");
  const cause = view.cause === undefined ? "" : `${view.cause.reason}: ${view.cause.message}`;
  const restart = view.restartNeeded === undefined
    ? ""
    : html`<br><small>restart needed: ${view.restartNeeded.join(" and ")} changed</small>`;
  return html`
    <tr>
      <td><a href="${view.route.url}">${view.name}</a>
    <td><span class="phase ${view.phase}" title="${cause}">${view.phase}</span>${restart}
    <td><code>${subsets || "–"}</code></tr>
  `;
}
