/** Runs in the browser: goes on with the page that the server has rendered. */
import { hydrate } from "preact";
import type { ConsolePage } from "./console_page.ts";
import { Console } from "./page/console.tsx";

const page: ConsolePage = JSON.parse(document.getElementById("page")!.textContent!);
hydrate(<Console page={page} />, document.getElementById("console")!);
// Whoever measures the page sees when it can be used: https://www.w3.org/TR/user-timing/
performance.mark("hydrated");
