import { type HttpRequest, sendRequest } from "../envoy/testing/http_client.ts";
import { sendOverTls } from "../envoy/testing/tls_client.ts";
import type { Handler } from "../http/http_server.ts";
import type { Replica } from "./replica.ts";

/**
 * Sends each request to this gateway's Envoy.
 * @param ca the authority that the client trusts, in PEM, where Envoy terminates TLS
 */
export async function through(replica: Replica, ca?: string): Promise<{ readonly handler: Handler }> {
  const send = ca === undefined ? sendRequest : (request: HttpRequest) => sendOverTls({ ...request, ca });
  const port = await replica.envoy!.port("public");
  return {
    handler: async ({ url, method, headers, body }) => {
      const { host, pathname, search } = new URL(url);
      const { ["x-forwarded-proto"]: _, ...rest } = Object.fromEntries(headers);
      const text = body === null ? undefined : await new Response(body).text();
      const answer = await send({
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
