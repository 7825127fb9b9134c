import { html } from "hono/html";
import { type Page, pageOf } from "./document.ts";

export interface Notice {
  readonly title: string;
  readonly text: string;
  /** What a machine said, word for word. */
  readonly detail?: { readonly reason: string; readonly message: string };
  /** Seconds after which the page is asked for again. */
  readonly refresh?: number | undefined;
}

/** A page that says one thing. */
export function noticePage({ title, text, detail, refresh }: Notice): Page {
  return pageOf({
    title,
    script: false,
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
${refresh === undefined ? "" : html`<p id="again"><a href="">Try again</a></p>`}
</main>`,
  });
}
