import type { ViewResource } from "@view-gateway/types";
import { html } from "hono/html";
import style from "./browser/overview.css" with { type: "text" };
import { type Page, pageOf, type Part } from "./document.ts";

/** A view on the page. Of a view that its visitor may only open, the spec is missing. */
export interface OverviewRow extends Omit<ViewResource, "public"> {
  /** Whether anybody may open it without signing in. */
  readonly isPublic: boolean;
}

/** Who has signed in. */
export interface Visitor {
  readonly user: string;
  readonly email?: string | undefined;
  /** Whether there is a session to end; a token goes with each request. */
  readonly canSignOut: boolean;
}

export interface Overview {
  readonly rows: readonly OverviewRow[];
  /** Whether there are more views than these. */
  readonly more: boolean;
  /** Undefined where nobody has to sign in. */
  readonly visitor: Visitor | undefined;
}

/** The page at the base host: each view that its visitor may open, with its phase and its link. */
export function overviewPage({ rows, more, visitor }: Overview): Page {
  return pageOf({
    title: "Views",
    style,
    form: visitor?.canSignOut ?? false,
    main: html`<main>
${visitor === undefined ? OPEN_TO_ALL : signedIn(visitor)}
<h1>Views</h1>
${rows.length === 0 ? noView(visitor) : table(rows, visitor)}
${more ? html`<p>There are more: see <a href="/_api/views">/_api/views</a>.</p>` : ""}
</main>`,
  });
}

const OPEN_TO_ALL = html`<p id="open" role="status">Everybody who reaches this gateway may create, open and delete all
views: <code>AUTHENTICATION</code> is <code>none</code>.</p>`;

function noView(visitor: Visitor | undefined): Part {
  const token = visitor === undefined ? "" : `-H "Authorization: Bearer $TOKEN" `;
  return html`<p>${
    visitor === undefined ? "There is no view yet." : "There is no view that you may open."
  } Create one:</p>
<pre><code>curl ${token}-H 'Content-Type: application/json' -d '{"name": "hello", "subsets": []}' URL/_api/views</code></pre>`;
}

function signedIn({ user, email, canSignOut }: Visitor): Part {
  return html`
    <form id="visitor" method="post" action="/_auth/sign-out">
      <span>Signed in as <b>${email ?? user}</b>${email === undefined ? "" : html`
        <small>${user}</small>
      `}</span>
    ${canSignOut ? html`<button>Sign out</button>` : ""}
    </form>
  `;
}

function table(rows: readonly OverviewRow[], visitor: Visitor | undefined): Part {
  return html`
    <table>
      <thead>
        <tr>
          <th>View<th>Phase<th>Subsets<th>Owner</thead>
    <tbody>${rows.map((view) => row(view, visitor))}</tbody>
    </table>
  `;
}

function row(view: OverviewRow, visitor: Visitor | undefined): Part {
  const subsets = (view.subsets ?? []).map(({ bucket, prefix }) => `${bucket}/${prefix ?? ""}`).join(", ");
  const cause = view.cause === undefined ? "" : `${view.cause.reason}: ${view.cause.message}`;
  const start = view.start === undefined ? "" : html`
    <small>${view.start}</small>
  `;
  const restart = view.restartNeeded === undefined
    ? ""
    : html`<br><small>restart needed: ${view.restartNeeded.join(" and ")} changed</small>`;
  const owner = view.owner === undefined ? "–" : view.owner === visitor?.user ? "you" : view.owner;
  return html`
    <tr>
      <td><a href="${view.route.url}">${view.name}</a>${view.isPublic
        ? html`
          <small class="public">public</small>
        `
        : ""}
    <td><span class="phase ${view.phase}" title="${cause}">${view.phase}</span>${start}${restart}
    <td><code>${subsets || "–"}</code><td>${owner}</tr>
  `;
}
