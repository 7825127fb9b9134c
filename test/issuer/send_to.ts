import { type IncomingHttpHeaders, request as plainRequest, type RequestOptions } from "node:http";
import { request as tlsRequest } from "node:https";

export interface SentAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Sends a GET, or a form, to a URL whose host is served at 127.0.0.1, whatever its name and certificate. */
export function sendTo(
  url: URL,
  { form, cookie = "" }: { readonly form?: URLSearchParams | undefined; readonly cookie?: string } = {},
): Promise<SentAnswer> {
  const options: RequestOptions & { rejectUnauthorized?: boolean } = {
    host: "127.0.0.1",
    port: url.port,
    path: url.pathname + url.search,
    method: form === undefined ? "GET" : "POST",
    headers: {
      host: url.host,
      ...cookie !== "" && { cookie },
      ...form !== undefined && { "content-type": "application/x-www-form-urlencoded" },
    },
    agent: false,
    rejectUnauthorized: false,
  };
  return new Promise((resolve, reject) => {
    const request = (url.protocol === "https:" ? tlsRequest : plainRequest)(options, async (response) => {
      try {
        let body = "";
        for await (const part of response.setEncoding("utf8")) body += part;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
      } catch (error) {
        reject(error);
      }
    });
    request.on("error", reject);
    request.end(form?.toString());
  });
}
