import type { TemplateList, ViewResource } from "@view-gateway/types";
import type { ApiOptions } from "./api_options.ts";
import type { Api, ApiContext } from "./api_user.ts";
import { showList } from "./console_list.ts";
import { answerConsoleFile } from "./console_files.ts";
import { consoleResponse, problemPage } from "./console_response.ts";
import { getView } from "./get_view.ts";
import { listTemplates } from "./list_templates.ts";
import { methodNotAllowed } from "./method_not_allowed.ts";

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

/** Answers `GET /views/NAME` with what the API says about the view. */
async function showView(c: ApiContext, options: ApiOptions): Promise<Response> {
  const answer = await getView(c, options);
  if (!answer.ok) return await problemPage(c, answer, options);
  return consoleResponse(c, { page: "view", view: await answer.json() as ViewResource }, options);
}

/** Answers `GET /new`. */
async function showNew(c: ApiContext, options: ApiOptions): Promise<Response> {
  const answer = await listTemplates(c, options);
  if (!answer.ok) return await problemPage(c, answer, options);
  return consoleResponse(c, { page: "new", templates: await answer.json() as TemplateList }, options);
}

/** Answers `GET /views/NAME/edit`. A user may change a view without the right to create one, which the templates need. */
async function showEdit(c: ApiContext, options: ApiOptions): Promise<Response> {
  const answer = await getView(c, options);
  if (!answer.ok) return await problemPage(c, answer, options);
  const templates = await listTemplates(c, options);
  return consoleResponse(c, {
    page: "edit",
    view: await answer.json() as ViewResource,
    etag: answer.headers.get("etag") ?? "",
    ...templates.ok && { templates: await templates.json() as TemplateList },
  }, options);
}
