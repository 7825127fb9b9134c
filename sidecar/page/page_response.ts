import type { Page } from "./document.ts";

/** A response with a page and its policy. */
export function pageResponse(
  { html, contentSecurityPolicy, referrerPolicy }: Page,
  status: number,
  headers: Readonly<Record<string, string>>,
): Response {
  return new Response(html, {
    status,
    headers: {
      ...headers,
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": contentSecurityPolicy,
      "x-content-type-options": "nosniff",
      "referrer-policy": referrerPolicy,
    },
  });
}
