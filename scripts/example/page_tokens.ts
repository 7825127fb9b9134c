import { fileURLToPath } from "node:url";

/** The colours and type of the gateway's own pages. The examples' pages have the same. */
export const PAGE_TOKENS = fileURLToPath(new URL("../../sidecar/page/browser/tokens.css", import.meta.url));
