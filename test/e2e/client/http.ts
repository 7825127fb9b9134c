import { Agent, request } from "undici";

/** What is asked of a host, wherever that host is reached. */
export interface Request {
  readonly method?: "GET" | "HEAD" | "POST" | "PUT" | "DELETE";
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  // deno-lint-ignore no-explicit-any -- whatever was answered
  json(): any;
}

// A request may be held for two minutes.
const agent = new Agent({
  headersTimeout: 150_000,
  bodyTimeout: 60_000,
  pipelining: 1,
});

/** Asks a host at an address that need not be its own. */
export async function ask(
  origin: string,
  host: string,
  wanted: Request = {},
): Promise<Answer> {
  const { method = "GET", path = "/", headers = {}, body, signal } = wanted;
  const answer = await request(origin + path, {
    method,
    headers: { ...headers, host },
    dispatcher: agent,
    ...body !== undefined && { body },
    ...signal && { signal },
  });
  const text = await answer.body.text();
  return {
    status: answer.statusCode,
    headers: answer.headers,
    text,
    json: () => JSON.parse(text),
  };
}
