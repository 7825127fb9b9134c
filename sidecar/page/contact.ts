import { html } from "hono/html";
import type { Part } from "./document.ts";

/** Whom a reader asks about a problem that the reader cannot mend alone. */
export interface Contact {
  readonly text: string;
  /** A mailto: or https: URL. */
  readonly url?: string;
}

/** What looks like a URL of any scheme. A text such as `the data team: room 3` does not. */
const URL_LIKE = /^[a-z][a-z0-9+.-]*:(?=\S)/i;

/** The contact that the configuration names; undefined where it names none. */
export function contactOf(value: string): Contact | undefined {
  if (value === "") return undefined;
  const url = urlIn(value);
  if (url === undefined) return { text: value };
  return { text: url.protocol === "mailto:" ? url.pathname : value.replace(/^https:\/\//i, ""), url: url.href };
}

/** What is wrong with the configuration's contact; undefined where nothing is. */
export function contactProblem(value: string): string | undefined {
  const url = urlIn(value);
  return !URL_LIKE.test(value) || url?.protocol === "mailto:" && url.pathname.includes("@") ||
      url?.protocol === "https:" && url.username === "" && url.password === ""
    ? undefined
    : "must be a mailto: URL with an address, an https: URL without a user, or a text";
}

function urlIn(value: string): URL | undefined {
  return URL_LIKE.test(value) ? URL.parse(value) ?? undefined : undefined;
}

/**
 * Tells the reader of a page whom to ask.
 * @param traceId by which those who are asked find the request
 */
export function askFor(
  help: string,
  contact: Contact | undefined,
  { isHidden = false, traceId }: { readonly isHidden?: boolean; readonly traceId?: string | undefined } = {},
): Part | "" {
  if (contact === undefined) return "";
  const { text, url } = contact;
  // No space may come between a name and the full stop, so the formatter must not lay this out.
  const who = url === undefined ? html`<bdi>${text}</bdi>` : html`<a href="${url}"><bdi>${text}</bdi></a>`;
  const trace = traceId === undefined ? "" : html`<code id="trace">${traceId}</code>`;
  const name = traceId === undefined ? "" : " and name trace ";
  return html`<p id="contact" ${isHidden ? "hidden" : ""}>${help}, ask ${who}${name}${trace}.</p>`;
}
