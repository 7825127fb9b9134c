import { renderToString } from "preact-render-to-string";
import type { ConsolePage } from "./console_page.ts";
import { Console } from "./page/console.tsx";
import { titleOf } from "./page/title.ts";

/** Where the browser gets what a page loads. */
export interface ConsoleFiles {
  readonly script: string;
  readonly style: string;
}

const ICON = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E" +
  "%3Ccircle cx='8' cy='8' r='6' fill='none' stroke='%230b66c3' stroke-width='3'/%3E%3C/svg%3E";

/** The HTML of a page. The browser finds the page's data in it, and goes on from there. */
export function renderConsole(page: ConsolePage, { script, style }: ConsoleFiles): string {
  const document = renderToString(
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>{`${titleOf(page)} · View gateway`}</title>
        <link rel="icon" href={ICON} />
        <link rel="stylesheet" href={style} />
        <script type="module" src={script} />
      </head>
      <body>
        <div id="console">
          <Console page={page} />
        </div>
        <script type="application/json" id="page" dangerouslySetInnerHTML={{ __html: embedded(page) }} />
      </body>
    </html>,
  );
  return `<!doctype html>\n${document}`;
}

/** JSON that cannot end its element, nor begin a comment in it, whatever its texts say. */
function embedded(page: ConsolePage): string {
  return JSON.stringify(page).replaceAll("<", "\\u003c");
}
