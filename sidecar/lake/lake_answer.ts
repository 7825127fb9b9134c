import type { Problem } from "@view-gateway/types";
import { problem } from "../problem.ts";

/** What becomes of S3's answer. */
export type LakeAnswer =
  /** It goes on to the client, body and all, without these headers. */
  | { readonly kind: "pass"; readonly remove: readonly string[] }
  /** A problem takes its place: S3's own error texts repeat what was sent, the session token among it. */
  | { readonly kind: "instead"; readonly problem: Problem; readonly retryAfter: number | undefined };

/** S3's headers that a client is shown. No CORS, no cookie, nothing about S3 itself. */
const SHOWN = new Set([
  "accept-ranges",
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
  "content-length",
  "content-range",
  "content-type",
  "date",
  "etag",
  "expires",
  "last-modified",
  "transfer-encoding",
]);

/**
 * Headers of every answer from the lake: its HTML must not run as the view, nor may another page, be it of the view next
 * door, include what is read here.
 */
export const LAKE_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": "default-src 'none'; sandbox",
  "cross-origin-resource-policy": "same-origin",
  "x-content-type-options": "nosniff",
};

export function lakeAnswer(status: number, headers: readonly string[], view: string): LakeAnswer {
  if (status >= 200 && status < 300 || status === 304) {
    return { kind: "pass", remove: headers.filter((name) => !name.startsWith(":") && !SHOWN.has(name)) };
  }
  const instead = (status: number, kind: string, detail: string, retryAfter?: number): LakeAnswer => ({
    kind: "instead",
    problem: problem(status, kind, detail, { view }),
    retryAfter,
  });
  switch (status) {
    case 403:
      return instead(403, "lake-denied", "The lake denies this to the view's credentials.");
    case 404:
      return instead(404, "not-in-lake", "The lake has no such object.");
    case 412:
      return instead(412, "precondition-failed", "The object is another than the request asks for.");
    case 416:
      return instead(416, "range-not-satisfiable", "The object does not have the range asked for.");
    case 429:
    case 503:
      return instead(503, "lake-unavailable", "The lake cannot be reached now, or has too much to do. Try again.", 2);
  }
  return status >= 400 && status < 500
    ? instead(400, "lake-refused", `The lake does not accept the request (${status}).`)
    : instead(502, "lake-failed", `The lake cannot answer now (${status}).`);
}
