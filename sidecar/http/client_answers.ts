import { isNavigation } from "./navigation.ts";
import { faultResponse, type Handler, requireUrl } from "./http_server.ts";
import type { Contact } from "../page/contact.ts";
import { noticePage } from "../page/notice_page.ts";
import { pageResponse } from "../page/page_response.ts";
import { PROBLEM_CONTENT_TYPE } from "./problem.ts";

/**
 * Applies the rules for all responses to clients, whichever handler they come from: HEAD has the headers of GET, no cache
 * keeps a response, no browser guesses its type, and a person at a browser gets a page.
 *
 * @param contact whom the reader of a page asks
 */
export function clientAnswers(handler: Handler, contact?: Contact): Handler {
  const handle = requireUrl((request) => handler(request.method === "HEAD" ? asGet(request) : request));
  return async (request) => {
    const response = await Promise.try(handle, request).catch(faultResponse);
    const isProblem = response.headers.get("content-type") === PROBLEM_CONTENT_TYPE;
    const answer = isProblem && isNavigation(request) ? await asPage(response, contact) : response;
    for (const [name, value] of ALWAYS) if (!answer.headers.has(name)) answer.headers.set(name, value);
    return answer;
  };
}

const ALWAYS = [["cache-control", "no-store"], ["x-content-type-options", "nosniff"]] as const;

/**
 * The server leaves out the body of an answer to HEAD, and says its length.
 * https://www.rfc-editor.org/rfc/rfc9110#section-8.6
 */
function asGet({ url, headers, signal }: Request): Request {
  return new Request(url, { method: "GET", headers, signal });
}

/** Whether people may need somebody else to mend a problem: they can correct a wrong request themselves. */
function mayNeedHelp(status: number): boolean {
  return [401, 403, 404].includes(status) || status >= 500;
}

async function asPage(response: Response, contact: Contact | undefined): Promise<Response> {
  const { title, detail, status } = await response.json();
  const headers = Object.fromEntries(response.headers);
  return pageResponse(
    noticePage({ title, text: detail, contact: mayNeedHelp(status) ? contact : undefined }),
    status,
    headers,
  );
}
