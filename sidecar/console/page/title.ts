import type { ConsolePage } from "../console_page.ts";

/** The page's title, which a browser shows in its tab. */
export function titleOf(page: ConsolePage): string {
  switch (page.page) {
    case "list":
      return "Views";
    case "view":
      return page.view.name;
    case "new":
      return "New view";
    case "edit":
      return `Change ${page.view.name}`;
    case "problem":
      return page.problem.title;
  }
}
