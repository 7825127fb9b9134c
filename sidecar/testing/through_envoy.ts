import { sendRequest } from "../envoy/testing/http_client.ts";
import type { Handler } from "../http/http_server.ts";
import type { Replica } from "./replica.ts";

/** Sends each request to this gateway's Envoy. */
export async function through(replica: Replica): Promise<{ readonly handler: Handler }> {
  const port = await replica.envoy!.port("public");
  return {
    handler: async ({ url, method, headers, body }) => {
      const { host, pathname, search } = new URL(url);
      const { ["x-forwarded-proto"]: _, ...rest } = Object.fromEntries(headers);
      const text = body === null ? undefined : await new Response(body).text();
      const answer = await sendRequest({
        ...{ host, port, path: pathname + search, method },
        headers: { ...rest, host, ...text !== undefined && { "content-length": String(text.length) } },
        ...text !== undefined && { body: text },
      });
      const { ["set-cookie"]: setCookies = [], ...others } = answer.headers;
      const response = new Response(answer.body, { status: answer.status });
      for (const [name, value] of Object.entries(others)) response.headers.set(name, String(value));
      for (const cookie of setCookies) response.headers.append("set-cookie", cookie);
      return response;
    },
  };
}
