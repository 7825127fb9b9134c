import { Buffer } from "node:buffer";
import {
  type ApiConstructor,
  type ApiType,
  createConfiguration,
  type RequestContext,
  ResponseContext,
  ServerConfiguration,
  wrapHttpLibrary,
} from "@kubernetes/client-node";
import type { Transport } from "./transport.ts";

/**
 * One of client-node's typed APIs over our transport; its calls end with the signal and throw a KubernetesError. Made
 * for each call, which is cheap, because the APIs take no signal themselves. It has no `authMethods`, which would build
 * an undici agent for each call.
 */
export function typedApi<A extends ApiType>(api: ApiConstructor<A>, transport: Transport, signal: AbortSignal): A {
  const send = async (request: RequestContext): Promise<ResponseContext> => {
    const { pathname, search } = new URL(request.getUrl());
    const body = request.getBody();
    const answer = await transport.call({
      method: request.getHttpMethod(),
      path: pathname + search,
      headers: request.getHeaders(),
      body: body === undefined ? undefined : String(body),
    }, signal);
    return new ResponseContext(answer.status, Object.fromEntries(answer.headers), {
      text: () => Promise.resolve(answer.text),
      binary: () => Promise.resolve(Buffer.from(answer.text)),
      stream: () => new Blob([answer.text]).stream(),
    });
  };
  // The transport knows the server.
  const baseServer = new ServerConfiguration("http://kubernetes", {});
  return new api(createConfiguration({ baseServer, httpApi: wrapHttpLibrary({ send }) }));
}
