import type { Handler } from "../http/http_server.ts";
import { DENIAL_HEADER } from "../envoy/names.ts";
import { pageResponse } from "../page/page_response.ts";
import { problemResponse, uncachedHeaders } from "../http/problem.ts";
import type { ViewState } from "../view/state.ts";
import { answer, type Denial } from "./denial.ts";
import { denialOf } from "./denial_header.ts";
import { pageOfDenial } from "./denial_page.ts";
import { isNavigation } from "../http/navigation.ts";

export interface DenialAnswersOptions {
  readonly views: { get(name: string): ViewState | undefined };
  readonly gateToken: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Answers what the gate has denied; all else is the next handler's. */
export function denialAnswers({ views, gateToken, now }: DenialAnswersOptions, next: Handler): Handler {
  return (request) => {
    const denial = denialOf(request.headers.get(DENIAL_HEADER), gateToken, views);
    if (denial === undefined) return next(request);
    if (isNavigation(request)) return page(denial, now());
    const { problem, retryAfter } = answer(denial);
    return problemResponse(problem, retryAfter);
  };
}

/**
 * Its status is the same: what starts is not there yet, so that no cache keeps the page in the view's place, and no crawler
 * takes it for the view.
 */
function page(denial: Denial, now: number): Response {
  const { problem, retryAfter } = answer(denial);
  return pageResponse(pageOfDenial(denial, now), problem.status, uncachedHeaders(retryAfter));
}
