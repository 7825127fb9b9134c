import { Agent, request } from "undici";

/** A request to a host, at whatever address. */
export interface Request {
  readonly method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  // deno-lint-ignore no-explicit-any -- any JSON
  json(): any;
}

// A request may be held for two minutes.
const agent = new Agent({
  headersTimeout: 150_000,
  bodyTimeout: 60_000,
  pipelining: 1,
});

/** Sends a request for a host to an address that need not be the host's. */
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
