import type { Problem } from "@view-gateway/types";

/** What the API says to a call. */
export type ApiReply<T> = ApiSuccess<T> | { readonly problem: Problem };

export interface ApiSuccess<T> {
  readonly value: T;
  readonly status: number;
  /** The version of the view in the answer. */
  readonly etag?: string;
}

export interface ApiCall {
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** How long the answer may take. */
  readonly seconds?: number;
  readonly signal?: AbortSignal;
}

/** Sends a request to the API, or for the data of a page. Never rejects: whatever fails becomes a problem. */
export async function callApi<T>(
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
  path: `/${string}`,
  { body, headers, seconds = 30, signal }: ApiCall = {},
): Promise<ApiReply<T>> {
  const limit = AbortSignal.timeout(seconds * 1000);
  try {
    const response = await fetch(path, {
      method,
      headers: { accept: "application/json", ...body !== undefined && { "content-type": typeFor(method) }, ...headers },
      ...body !== undefined && { body: JSON.stringify(body) },
      signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
    });
    const text = await response.text();
    if (!response.ok) return { problem: problemOf(response.status, text) };
    const etag = response.headers.get("etag");
    const value = (text === "" ? undefined : JSON.parse(text)) as T;
    return { value, status: response.status, ...etag !== null && { etag } };
  } catch (error) {
    return { problem: unanswered(error, seconds) };
  }
}

function typeFor(method: string): string {
  return method === "PATCH" ? "application/merge-patch+json" : "application/json";
}

/** Something between the browser and the gateway may answer too. */
function problemOf(status: number, text: string): Problem {
  try {
    const body = JSON.parse(text) as Partial<Problem> | null;
    if (typeof body?.title === "string" && typeof body.detail === "string") return { ...body, status } as Problem;
  } catch {
    // It is no JSON.
  }
  return {
    type: "about:blank",
    title: `Status ${status}`,
    status,
    detail: "The answer is not the gateway's. Try again; if it stays so, something in front of the gateway is wrong.",
  };
}

function unanswered(error: unknown, seconds: number): Problem {
  const late = (error as Error).name === "TimeoutError";
  const detail = late
    ? `The gateway has not answered within ${seconds} s. What you asked for may still happen.`
    : "The gateway cannot be reached. Look at your connection, then try again.";
  return { type: "about:blank", title: "No answer", status: 0, detail };
}
