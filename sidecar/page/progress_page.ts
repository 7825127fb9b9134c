import { html } from "hono/html";
import { askFor, type Contact } from "./contact.ts";
import script from "./browser/follow_progress.js" with { type: "text" };
import { type Page, pageOf } from "./document.ts";
import { PAGE_STYLE } from "./style.ts";
import { beginning, type Progress, STEPS } from "./progress.ts";

/** Seconds after which a browser without scripts reloads the page. */
const REFRESH = 3;

/** What the page says beside the progress. */
export interface ProgressHelp {
  readonly contact?: Contact | undefined;
  /** Undefined where the request is not traced. */
  readonly traceId?: string | undefined;
}

/** The page of a view that is starting, or that has failed to start. */
export function progressPage(progress: Progress, { contact, traceId }: ProgressHelp = {}): Page {
  const { phase, view, title, text, step, elapsed, cause, pause } = progress;
  const failed = phase === "failed";
  const hidden = (is: boolean) => is ? "hidden" : "";
  const item = (label: string, i: number) => {
    const state = i < step ? "done" : i > step ? "" : failed ? "failed" : "current";
    return html`
      <li class="${state}" aria-current="${i === step ? "step" : "false"}">${label}</li>
    `;
  };
  return pageOf({
    title,
    style: PAGE_STYLE,
    script,
    // Each request for a failed view may start it again, so only a person sends one.
    refresh: progress.goesOn || phase === "awake" ? REFRESH : undefined,
    main: html`
      <main data-phase="${phase}" data-progress="${JSON.stringify(progress)}">
        <h1>${view}</h1>
        <p id="text" role="status">${text}</p>
        <ol id="steps" ${hidden(phase === "deleted")}>
      ${STEPS.map(item)}</ol>
        <p id="elapsed" ${hidden(elapsed === undefined)}>${beginning(progress)}</p>
        <div id="cause" ${hidden(!failed)}>
          <p id="reason">${cause?.reason ?? ""}</p>
          <p id="message" dir="auto" tabindex="0">${cause?.message ?? ""}</p>
        </div>
        ${askFor("If you need help", contact, { isHidden: !failed, traceId })}
        <div id="retry" ${hidden(!failed)}>
          <a href="">Try again</a>
          <span id="pause" ${hidden(pause === undefined)}>${pause === undefined ? "" : `Try again in ${pause} s`}</span>
        </div>
        <p id="lost" hidden>The connection to the gateway is lost. Reconnecting …</p>
      </main>
    `,
  });
}
