import type { Problem } from "@view-gateway/types";

/**
 * Builds the body of every HTTP error of the gateway, as RFC 9457 defines it. `kind` becomes the problem's type, a URN:
 * no page to link exists on every cluster.
 */
export function problem(status: number, kind: string, detail: string, more: Partial<Problem> = {}): Problem {
  return { type: `urn:view-gateway:${kind}`, title: TITLES[status] ?? "Error", status, detail, ...more };
}

/** A problem, and the seconds until a retry can help; undefined when no retry helps soon. */
export interface ProblemAnswer {
  readonly problem: Problem;
  readonly retryAfter: number | undefined;
}

export const PROBLEM_CONTENT_TYPE = "application/problem+json";

/**
 * A problem as a response. No cache may keep it: the next request may succeed.
 *
 * @param retryAfter seconds
 */
export function problemResponse(value: Problem, retryAfter?: number): Response {
  return new Response(JSON.stringify(value) + "\n", {
    status: value.status,
    headers: {
      ...uncachedHeaders(retryAfter),
      ...value.status === 401 && CHALLENGE,
      "content-type": PROBLEM_CONTENT_TYPE,
    },
  });
}

/**
 * How a program says who it is. Every 401 has to tell: https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1 and
 * https://www.rfc-editor.org/rfc/rfc6750#section-3
 */
export const CHALLENGE = { "www-authenticate": 'Bearer realm="view-gateway"' };

/** Headers of a response that no cache may keep; with the seconds until a retry, where there are any. */
export function uncachedHeaders(retryAfter: number | undefined): Record<string, string> {
  return { "cache-control": "no-store", ...retryAfter !== undefined && { "retry-after": String(retryAfter) } };
}

const TITLES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  408: "Request Timeout",
  409: "Conflict",
  412: "Precondition Failed",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  416: "Range Not Satisfiable",
  422: "Unprocessable Content",
  429: "Too Many Requests",
  500: "Internal Server Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};
