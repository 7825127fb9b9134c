import type { Problem } from "@view-gateway/types";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { ANONYMOUS } from "../../access/identity.ts";
import type { ConsolePage, Visitor } from "../../console/console_page.ts";
import { renderConsole } from "../../console/render.tsx";
import { isNavigation } from "../../http/navigation.ts";
import { uncachedHeaders } from "../../http/problem.ts";
import { pageResponse } from "../../page/page_response.ts";
import type { ApiOptions } from "../api_options.ts";
import type { ApiContext, ApiUser } from "../api_user.ts";
import { CONSOLE_FILES } from "./console_files.ts";
import { requestUrlOf } from "../view_resource.ts";

/** A page tells what this person may see now. */
const NOT_KEPT = { ...uncachedHeaders(undefined), vary: "accept" };

/** https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Content-Security-Policy */
const POLICY = [
  "default-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "img-src data:",
  "form-action 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
].join("; ");

type Framed<Page> = Page extends ConsolePage ? Omit<Page, "visitor" | "contact" | "now" | "origin"> : never;

/** What a page of the console shows within its frame. */
export type PageContent = Framed<ConsolePage>;

/** What the console's pages need beside the API's own options. */
export type ConsoleOptions = Pick<ApiOptions, "contact" | "now">;

/** A page of the console as the response to this request. */
export function consoleResponse(c: ApiContext, content: PageContent, options: ConsoleOptions, status = 200): Response {
  const { scheme, host } = requestUrlOf(c.req);
  const visitor = visitorOf(c.get("user"));
  const page: ConsolePage = {
    ...content,
    ...visitor !== undefined && { visitor },
    ...options.contact !== undefined && { contact: options.contact },
    now: new Date(options.now()).toISOString(),
    origin: `${scheme}://${host}`,
  };
  // A page that is open asks for its data alone, to show them anew.
  if (c.req.header("accept") === "application/json") return c.json(page, status as ContentfulStatusCode, NOT_KEPT);
  const html = renderConsole(page, CONSOLE_FILES);
  return pageResponse(
    // With no-referrer a form's request has the Origin `null`.
    { html, contentSecurityPolicy: POLICY, referrerPolicy: "same-origin" },
    status,
    NOT_KEPT,
  );
}

/** The API's answer with a problem, which a person with a browser gets as a page. */
export async function problemPage(c: ApiContext, answer: Response, options: ConsoleOptions): Promise<Response> {
  if (!isNavigation(c.req.raw)) return answer;
  const problem = await answer.json() as Problem;
  return consoleResponse(c, { page: "problem", problem }, options, answer.status);
}

function visitorOf({ identity, by }: ApiUser): Visitor | undefined {
  if (identity.user === ANONYMOUS.user) return undefined;
  const { user, email } = identity;
  return { user, ...email !== undefined && { email }, canSignOut: by === "session" };
}
