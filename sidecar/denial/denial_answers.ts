import type { SignIn } from "../access/sessions.ts";
import type { Handler } from "../http/http_server.ts";
import { DENIAL_HEADER } from "../envoy/names.ts";
import type { Contact } from "../page/contact.ts";
import { pageResponse } from "../page/page_response.ts";
import { CHALLENGE, problemResponse, uncachedHeaders } from "../http/problem.ts";
import type { ViewState } from "../view/state.ts";
import { answerTo, type Denial } from "./denial.ts";
import { denialOf } from "./denial_header.ts";
import { type DenialPage, pageOfDenial } from "./denial_page.ts";
import { isNavigation } from "../http/navigation.ts";

export interface DenialAnswersOptions {
  readonly views: { get(name: string): ViewState | undefined };
  readonly gateToken: string;
  /** The answer to a navigation of a person who is not signed in; undefined where nobody can sign in. */
  readonly signIn?: SignIn | undefined;
  /** The origin of the base host, as the client of a request names it. */
  readonly baseOrigin?: (headers: Headers) => string | undefined;
  /** Whom the reader of a page asks. */
  readonly contact?: Contact | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Answers requests that the gate has denied, and leaves all others to the next handler. */
export function denialAnswers(
  { views, gateToken, signIn, baseOrigin, contact, now }: DenialAnswersOptions,
  next: Handler,
): Handler {
  return (request) => {
    const denied = denialOf(request.headers.get(DENIAL_HEADER), gateToken, views);
    if (denied === undefined) return next(request);
    const { denial, traceId } = denied;
    if (isNavigation(request)) {
      return denial.kind === "sign-in" && signIn !== undefined
        ? signIn(request, denial.view)
        : page(denial, { now: now(), baseOrigin: baseOrigin?.(request.headers), contact, traceId });
    }
    const { problem, retryAfter } = answerTo(denial);
    return problemResponse({ ...problem, ...traceId !== undefined && { traceId } }, retryAfter);
  };
}

/**
 * The page has the status of the problem, so that no cache and no crawler takes the page for the view.
 */
function page(denial: Denial, about: DenialPage): Response {
  const { problem, retryAfter } = answerTo(denial);
  const headers = { ...uncachedHeaders(retryAfter), ...problem.status === 401 && CHALLENGE };
  return pageResponse(pageOfDenial(denial, about), problem.status, headers);
}
