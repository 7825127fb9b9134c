/** This folder renders the gateway's HTML pages. */
import { createHash } from "node:crypto";
import { html, raw } from "hono/html";

/** A whole page, and the policy to serve it with. */
export interface Page {
  readonly html: string;
  /** https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Content-Security-Policy */
  readonly contentSecurityPolicy: string;
  /** https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Referrer-Policy */
  readonly referrerPolicy: string;
}

/** A part of a page, made by `html`, which escapes each value. */
export type Part = ReturnType<typeof html>;

export interface Document {
  readonly title: string;
  readonly main: Part;
  /** CSS, from a file in browser/. */
  readonly style: string;
  /** JavaScript, from a file in browser/. */
  readonly script?: string;
  /** Seconds until the browser reloads the page. Where there is a script, only browsers without scripts do. */
  readonly refresh?: number | undefined;
  /** Whether it has a form, which goes to the page's own origin; or the origins to which the form's answer may also lead. */
  readonly form?: boolean | readonly string[];
}

const ICON = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E" +
  "%3Ccircle cx='8' cy='8' r='6' fill='none' stroke='%230b66c3' stroke-width='3'/%3E%3C/svg%3E";

const POLICY = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; img-src data:";

/** A page that loads nothing else. */
export function pageOf({ title, main, style, script, refresh, form = false }: Document): Page {
  const meta = refresh === undefined ? "" : html`<meta http-equiv="refresh" content="${refresh}">`;
  // The policy's hashes cover each character, so the formatter must not lay these elements out.
  const styleElement = raw(`<style>${style}</style>`);
  const scriptElement = script === undefined ? "" : raw(`<script>${script}</script>`);
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
    ${styleElement}
    ${script !== undefined && refresh !== undefined ? html`<noscript>${meta}</noscript>` : meta}
      </head>
      <body>
    ${main}
    ${scriptElement}
      </body>
    </html>
  `;
  const styleSource = `style-src ${hash(style)}`;
  const scriptSource = script === undefined ? [] : [`script-src ${hash(script)}`, "connect-src 'self'"];
  // Chromium also holds redirects to it.
  const formAction = `form-action ${form ? ["'self'", ...form === true ? [] : form].join(" ") : "'none'"}`;
  return {
    html: String(page),
    contentSecurityPolicy: [POLICY, formAction, styleSource, ...scriptSource].join("; "),
    // With no-referrer a form's request has the Origin `null`: https://fetch.spec.whatwg.org/#append-a-request-origin-header
    referrerPolicy: form ? "same-origin" : "no-referrer",
  };
}

/** A policy's permission for an inline element with this content: https://www.w3.org/TR/CSP3/#external-hash */
function hash(content: string): string {
  return `'sha256-${createHash("sha256").update(content).digest("base64")}'`;
}
