import { html } from "hono/html";
import { askFor, type Contact } from "./contact.ts";
import forms from "./browser/sign_in.css" with { type: "text" };
import script from "./browser/sign_in.js" with { type: "text" };
import { type Page, pageOf, type Part } from "./document.ts";
import { PAGE_STYLE } from "./style.ts";

export interface SignInPage {
  /** Who has signed in. */
  readonly user: string | undefined;
  /** What came of the last form, where something did. */
  readonly notice: { readonly text: string; readonly isBad: boolean } | undefined;
  /** Members that the form with the token sends along. */
  readonly members: readonly (readonly [string, string])[];
  /** The link to the issuer; undefined where there is none. */
  readonly issuerLink: string | undefined;
  /** Whether the page sends the token of its address by itself. Otherwise a person has to: somebody else's link may lead here. */
  readonly isDirect: boolean;
  /** The origins of views: the form's answer leads there. */
  readonly views: string;
  /** Whom people ask who cannot sign in. */
  readonly contact?: Contact | undefined;
}

/** The page to sign in at, and to sign out. */
export function signInPage({ user, notice, members, issuerLink, isDirect, views, contact }: SignInPage): Page {
  return pageOf({
    title: user === undefined ? "Sign in" : "Signed in",
    style: PAGE_STYLE + forms,
    script,
    form: [views],
    main: html`<main data-direct="${String(isDirect && user === undefined)}">
<h1>${user === undefined ? "Sign in" : "Signed in"}</h1>
${
      notice === undefined
        ? ""
        : html`<p id="notice" class="${notice.isBad ? "bad" : ""}" role="status">${notice.text}</p>`
    }
${user === undefined ? "" : visitor(user)}
${
      issuerLink === undefined
        ? ""
        : html`<p><a id="issuer" href="${issuerLink}" class="button">Sign in with your account</a></p>`
    }
${tokenForm(labelOf(user, issuerLink), members)}
${user === undefined ? askFor("If you cannot sign in", contact) : ""}
</main>`,
  });
}

function visitor(user: string): Part {
  return html`
    <p id="text">You are <b>${user}</b>.</p>
    <div id="actions">
      <a class="button" href="/">See the views</a>
      <form id="sign-out" method="post" action="/_auth/sign-out"><button>Sign out</button></form>
    </div>
  `;
}

/** What the form with the token is for; undefined where it is all that there is. */
function labelOf(user: string | undefined, issuerLink: string | undefined): string | undefined {
  if (user !== undefined) return "Sign in as somebody else, with a token";
  return issuerLink === undefined ? undefined : "Or with a token";
}

function tokenForm(label: string | undefined, members: readonly (readonly [string, string])[]): Part {
  return html`
    <form id="token-form" method="post" action="/_auth/token" class="${label === undefined ? "" : "aside"}">
      ${members.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
      <p id="from-link" role="status" hidden>This token came with a link. Use it only if you trust the person who gave you the
      link: you will be signed in as the token's user.</p>
      <label for="token">${label ?? "Token"}</label>
      <input id="token" name="token" type="password" autocomplete="off" spellcheck="false" required>
      <p id="hint">Create a token of a service account: <code>kubectl create token NAME <span>--namespace=NAMESPACE</span> <span>--audience=view-gateway</span></code></p>
      <button>Sign in with the token</button>
    </form>
  `;
}
