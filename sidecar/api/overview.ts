import type { ViewResource } from "@view-gateway/types";
import { html } from "hono/html";

/** The page at the base host: its views, each with its phase and its link. */
export function overview(views: readonly ViewResource[], more: boolean) {
  return html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Views</title>
<style>
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { max-width: 48rem; margin: 3rem auto; padding: 0 1rem; }
  table { width: 100%; border-collapse: collapse; }
  th, td { text-align: left; padding: .4rem .6rem; border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
  .phase::before { content: "●"; margin-right: .4em; color: gray; }
  .awake::before { color: seagreen; } .starting::before { color: darkorange; } .failed::before { color: crimson; }
  code { font-size: .9em; }
</style>
<h1>Views</h1>
${
    views.length === 0
      ? html`<p>There is no view yet. Create one:</p>
<pre><code>curl -H 'Content-Type: application/json' -d '{"name": "hello", "subsets": []}' URL/_api/views</code></pre>`
      : html`
        <table>
          <thead>
            <tr>
              <th>View<th>Phase<th>Subsets</thead>
        <tbody>${views.map(row)}</tbody>
        </table>
      `
  }
${more ? html`<p>There are more: see <a href="/_api/views">/_api/views</a>.</p>` : ""}
</html>`;
}

function row(view: ViewResource) {
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
