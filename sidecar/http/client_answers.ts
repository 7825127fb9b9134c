import { isNavigation } from "./navigation.ts";
import { faultResponse, type Handler, requireUrl } from "./http_server.ts";
import { noticePage } from "../page/notice_page.ts";
import { pageResponse } from "../page/page_response.ts";
import { PROBLEM_CONTENT_TYPE } from "./problem.ts";

/**
 * Applies the rules for all responses to clients, whichever handler they come from: HEAD has the headers of GET, no cache
 * keeps a response, no browser guesses its type, and a person at a browser gets a page.
 */
export function clientAnswers(handler: Handler): Handler {
  const handle = requireUrl((request) => handler(request.method === "HEAD" ? asGet(request) : request));
  return async (request) => {
    const response = await Promise.try(handle, request).catch(faultResponse);
    const isProblem = response.headers.get("content-type") === PROBLEM_CONTENT_TYPE;
    const answer = isProblem && isNavigation(request) ? await asPage(response) : response;
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

async function asPage(response: Response): Promise<Response> {
  const { title, detail, status } = await response.json();
  const headers = Object.fromEntries(response.headers);
  return pageResponse(noticePage({ title, text: detail }), status, headers);
}
