import pages from "./browser/pages.css" with { type: "text" };
import tokens from "./browser/tokens.css" with { type: "text" };

/** The look of a page with one message. */
export const PAGE_STYLE = tokens + pages;
