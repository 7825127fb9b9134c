import { createHash } from "node:crypto";
import { html, raw } from "hono/html";
import { SCRIPT } from "./script.ts";
import { STYLE } from "./style.ts";

/** A whole page, and the policy that it is to be served with. */
export interface Page {
  readonly html: string;
  /** https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Content-Security-Policy */
  readonly contentSecurityPolicy: string;
}

/** A part of a page, as `html` makes it: what was put into it is escaped. */
export type Part = ReturnType<typeof html>;

export interface Document {
  readonly title: string;
  readonly main: Part;
  /** Whether the page follows a view's progress. */
  readonly script: boolean;
  /** Seconds after which the page is asked for again; with a script only where scripts do not run. */
  readonly refresh: number | undefined;
}

const ICON = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E" +
  "%3Ccircle cx='8' cy='8' r='6' fill='none' stroke='%230b66c3' stroke-width='3'/%3E%3C/svg%3E";

const POLICY =
  `default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; img-src data:; style-src ${
    hash(STYLE)
  }`;

// Not part of a template, whose layout is the formatter's: a policy allows them by each of their letters.
const STYLE_ELEMENT = raw(`<style>${STYLE}</style>`);
const SCRIPT_ELEMENT = raw(`<script>${SCRIPT}</script>`);

/** A page that has all it needs in itself. */
export function pageOf({ title, main, script, refresh }: Document): Page {
  const meta = refresh === undefined ? "" : html`<meta http-equiv="refresh" content="${refresh}">`;
  const page = html`
    <!doctype html>
    <html lang="en">
      <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="robots" content="noindex">
    <title>${title}</title>
    <link rel="icon" href="${raw(ICON)}">
    ${STYLE_ELEMENT}
    ${script && refresh !== undefined ? html`<noscript>${meta}</noscript>` : meta}
      </head>
      <body>
    ${main}
    ${script ? SCRIPT_ELEMENT : ""}
      </body>
    </html>
  `;
  return {
    html: String(page),
    contentSecurityPolicy: script ? `${POLICY}; script-src ${hash(SCRIPT)}; connect-src 'self'` : POLICY,
  };
}

/** What a policy allows by its content: https://www.w3.org/TR/CSP3/#external-hash */
function hash(content: string): string {
  return `'sha256-${createHash("sha256").update(content).digest("base64")}'`;
}
