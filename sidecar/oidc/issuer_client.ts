import type { CustomFetch } from "openid-client";
import { Deadline } from "../async/deadline.ts";
import type { Pause } from "../async/pause.ts";
import { DISCARD_ADDRESS } from "../envoy/discard_address.ts";
import { ISSUER_FAILURE_HEADER, ISSUER_ORIGIN_HEADER } from "../envoy/names.ts";
import { socketsIn } from "../envoy/sockets.ts";
import { socketClient } from "../http/socket_client.ts";
import { IssuerError, issuerFailure } from "./issuer_error.ts";

/** Milliseconds after which a request ends if Envoy has not ended it before: see envoy/issuer_listener.ts. */
const LIMIT = 10_000;

/** Envoy opens its socket a moment after it has taken its configuration. Milliseconds between two looks, and how many. */
const LOOK = { every: 100, most: 20 };

/** Of an answer. A discovery document and a set of keys have some kilobytes. */
const MAX_BYTES = 1 << 20;

/**
 * Asks the issuer through Envoy, which has a route to each origin of the issuer's endpoints and to no other. It follows no
 * redirect.
 */
export class IssuerClient {
  readonly #client: Deno.HttpClient;
  readonly #pause: Pause;
  readonly #signal: AbortSignal;

  /** @param signal ends all requests */
  constructor(socketDirectory: string, pause: Pause, signal: AbortSignal) {
    this.#pause = pause;
    this.#client = socketClient(socketsIn(socketDirectory).issuer);
    this.#signal = signal;
  }

  /** @throws IssuerError where there is no answer of the issuer */
  readonly fetch: CustomFetch = async (url, { body, headers, method, signal }) => {
    const { origin, pathname, search } = new URL(url);
    using limit = new Deadline(signal === undefined ? this.#signal : [this.#signal, signal], LIMIT);
    const request = {
      client: this.#client,
      method,
      headers: { ...headers, [ISSUER_ORIGIN_HEADER]: origin },
      redirect: "manual",
      signal: limit.signal,
      ...body !== undefined && { body: body as BodyInit | null },
    } as const;
    try {
      const response = await this.#send(`http://${DISCARD_ADDRESS}${pathname}${search}`, request);
      const content = await bounded(response);
      const failure = response.headers.get(ISSUER_FAILURE_HEADER);
      if (failure !== null) throw new IssuerError(issuerFailure(failure));
      return new Response(content.length === 0 ? null : content, {
        status: response.status,
        headers: response.headers,
      });
    } catch (error) {
      if (error instanceof IssuerError) throw error;
      if (limit.passed) throw new IssuerError("does not answer in time", { cause: error });
      if (limit.signal.aborted) throw new IssuerError("is asked no more: the sidecar stops", { cause: error });
      throw new IssuerError("cannot be reached: Envoy does not answer", { cause: error });
    }
  };

  /** A request that only reads may be sent again. */
  async #send(url: string, request: RequestInit & { readonly signal: AbortSignal }): Promise<Response> {
    for (let look = 1;; look++) {
      try {
        return await fetch(url, request);
      } catch (error) {
        if (request.method !== "GET" || request.signal.aborted || look === LOOK.most) throw error;
        await this.#pause(LOOK.every, request.signal);
      }
    }
  }

  close(): void {
    this.#client.close();
  }
}

/** @throws IssuerError where the answer is longer than that of any issuer */
async function bounded({ body }: Response): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of body ?? []) {
    parts.push(part);
    length += part.length;
    // Leaving the loop cancels the body.
    if (length > MAX_BYTES) throw new IssuerError(`answers with more than ${MAX_BYTES} bytes`);
  }
  return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer());
}
