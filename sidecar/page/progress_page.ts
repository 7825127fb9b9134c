import { html } from "hono/html";
import { type Page, pageOf } from "./document.ts";
import { type Progress, STEPS } from "./progress.ts";

/** Seconds between two looks where scripts do not run. */
const REFRESH = 3;

/** The page of a view that starts, or cannot. */
export function progressPage(progress: Progress): Page {
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
    script: true,
    // A start that has failed is tried again when somebody asks for it.
    refresh: progress.goesOn || phase === "awake" ? REFRESH : undefined,
    main: html`
      <main data-phase="${phase}" data-progress="${JSON.stringify(progress)}">
        <h1>${view}</h1>
        <p id="text" role="status">${text}</p>
        <ol id="steps" ${hidden(phase === "deleted")}>
      ${STEPS.map(item)}</ol>
        <p id="elapsed" ${hidden(elapsed === undefined)}>${elapsed === undefined ? "" : `For ${elapsed} s now`}</p>
        <div id="cause" ${hidden(!failed)}>
          <p id="reason">${cause?.reason ?? ""}</p>
          <p id="message" dir="auto" tabindex="0">${cause?.message ?? ""}</p>
        </div>
        <div id="again" ${hidden(!failed)}>
          <a href="">Try again</a>
          <span id="pause" ${hidden(pause === undefined)}>${pause === undefined
            ? ""
            : `It can be tried again in ${pause} s.`}</span>
        </div>
        <p id="lost" hidden>The connection to the gateway is lost; it is tried again.</p>
      </main>
    `,
  });
}
