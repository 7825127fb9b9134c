import type { ApiOptions } from "../api_options.ts";
import type { Api, ApiContext } from "../api_user.ts";
import { showEdit, showNew } from "./console_forms.ts";
import { showList } from "./console_list.ts";
import { answerConsoleFile } from "./console_files.ts";
import { showView } from "./console_view.ts";
import { methodNotAllowed } from "../method_not_allowed.ts";

/** Paths of the console's pages. */
export const CONSOLE_PATHS = ["/", "/new", "/views/:name", "/views/:name/edit"] as const;

type Show = (c: ApiContext, options: ApiOptions) => Promise<Response>;

const PAGES: Readonly<Record<typeof CONSOLE_PATHS[number], Show>> = {
  "/": showList,
  "/new": showNew,
  "/views/:name": showView,
  "/views/:name/edit": showEdit,
};

/** Adds the pages of the console, and the files that they load. */
export function addConsole(api: Api, options: ApiOptions): void {
  for (const path of CONSOLE_PATHS) {
    api.get(path, (c) => PAGES[path](c, options));
    api.all(path, methodNotAllowed("GET", "HEAD"));
  }
  api.get("/_console/*", answerConsoleFile);
  api.all("/_console/*", methodNotAllowed("GET", "HEAD"));
}
