import { html } from "hono/html";
import { askFor, type Contact } from "./contact.ts";
import { type Page, pageOf } from "./document.ts";
import { PAGE_STYLE } from "./style.ts";

export interface NoticeText {
  readonly title: string;
  readonly text: string;
  /** What Kubernetes or Envoy said, word for word. */
  readonly detail?: { readonly reason: string; readonly message: string };
  /** Where else the reader may go. */
  readonly link?: { readonly text: string; readonly url: string } | undefined;
  /** Whom the reader asks; undefined where the reader can mend the problem, or nobody is named. */
  readonly contact?: Contact | undefined;
  /** Undefined where the request is not traced. */
  readonly traceId?: string | undefined;
  /** Seconds until the browser reloads the page. */
  readonly refresh?: number | undefined;
}

/** A page with one message. */
export function noticePage({ title, text, detail, link, contact, traceId, refresh }: NoticeText): Page {
  return pageOf({
    title,
    style: PAGE_STYLE,
    refresh,
    main: html`<main>
<h1>${title}</h1>
<p id="text">${text}</p>
${
      detail === undefined ? "" : html`
        <div id="cause">
          <p id="reason">${detail.reason}</p>
          <p id="message" dir="auto" tabindex="0">${detail.message}</p>
        </div>
      `
    }
${link === undefined ? "" : html`<p id="link"><a href="${link.url}">${link.text}</a></p>`}
${askFor("If you need help", contact, { traceId })}
${refresh === undefined ? "" : html`<p id="retry"><a href="">Try again</a></p>`}
</main>`,
  });
}
