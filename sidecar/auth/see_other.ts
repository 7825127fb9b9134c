import { problem, problemResponse } from "../http/problem.ts";

/** Sends the browser elsewhere, with these cookies. No cache may keep it. */
export function seeOther(url: string, ...setCookies: readonly string[]): Response {
  const headers = new Headers({ location: url, "cache-control": "no-store", "referrer-policy": "no-referrer" });
  for (const cookie of setCookies) headers.append("set-cookie", cookie);
  return new Response(null, { status: 303, headers });
}

/** The answer with these cookies beside its own. */
export function withCookies(response: Response, ...setCookies: readonly string[]): Response {
  for (const cookie of setCookies) response.headers.append("set-cookie", cookie);
  return response;
}

/** Browsers keep no cookie of a host without https. */
export function insecure(): Response {
  const detail = "Sign-in needs https, and this request came by http. Open the address that begins with https://.";
  return problemResponse(problem(403, "sign-in-needs-https", detail));
}
