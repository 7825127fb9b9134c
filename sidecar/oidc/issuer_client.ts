import type { CustomFetch } from "openid-client";
import { Deadline } from "../async/deadline.ts";
import { DISCARD_ADDRESS } from "../envoy/discard_address.ts";
import { ISSUER_FAILURE_HEADER, ISSUER_ORIGIN_HEADER } from "../envoy/names.ts";
import { socketsIn } from "../envoy/sockets.ts";
import { socketClient } from "../http/socket_client.ts";
import { IssuerError, issuerFailure } from "./issuer_error.ts";

/** Milliseconds after which a request ends if Envoy has not ended it before: see envoy/issuer.ts. */
const LIMIT = 10_000;

/** Of an answer. A discovery document and a set of keys have some kilobytes. */
const MAX_BYTES = 1 << 20;

/**
 * Asks the issuer through Envoy, which has a route to each origin of the issuer's endpoints and to no other. It follows no
 * redirect.
 */
export class IssuerClient {
  readonly #client: Deno.HttpClient;
  readonly #signal: AbortSignal;

  /** @param signal ends all requests */
  constructor(socketDirectory: string, signal: AbortSignal) {
    this.#client = socketClient(socketsIn(socketDirectory).issuer);
    this.#signal = signal;
  }

  /** @throws IssuerError where there is no answer of the issuer */
  readonly fetch: CustomFetch = async (url, { body, headers, method, signal }) => {
    const { origin, pathname, search } = new URL(url);
    using limit = new Deadline(signal === undefined ? this.#signal : [this.#signal, signal], LIMIT);
    try {
      const response = await fetch(`http://${DISCARD_ADDRESS}${pathname}${search}`, {
        client: this.#client,
        method,
        headers: { ...headers, [ISSUER_ORIGIN_HEADER]: origin },
        redirect: "manual",
        signal: limit.signal,
        ...body !== undefined && { body: body as BodyInit | null },
      });
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
