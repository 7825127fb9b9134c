import type { KubeConfig } from "@kubernetes/client-node";
import { Body } from "./body.ts";
import { credentialsOf, type KubernetesCredentials, type Tls } from "./credentials.ts";
import { Deadline } from "../async/deadline.ts";
import { errorOfAnswer, KubernetesError } from "./kubernetes_error.ts";

export interface ApiRequest {
  readonly method: string;
  /** Path and query, from the API server's root. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** Whether it goes over HTTP/1.1, where there is room. Default: where its body is long. */
  readonly apart?: boolean;
  /** Milliseconds for the whole request, including the response's body. Default: 10,000. */
  readonly limit?: number;
}

export interface ApiResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** The response to a watch. It has its own connection. */
export interface WatchStream {
  /** The parts as they arrive; each overwrites the one before. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Ends the stream, and its connection. */
  close(): Promise<void>;
}

/** The clients of calls, for one set of credentials. */
interface Clients {
  readonly key: string;
  readonly shared: Deno.HttpClient;
  readonly apart: Deno.HttpClient;
}

const LIMIT = 10_000;

/**
 * Characters of a long body. Over HTTP/2, Deno writes a body of more than 1,024 bytes after its head. TCP then keeps the
 * body until the peer acknowledges the head, which takes 40 ms on a quiet connection: Deno's fetch has no TCP_NODELAY, see
 * https://github.com/denoland/deno/pull/35581.
 */
const LONG_BODY = 1_000;

/** Calls over HTTP/1.1 at once. On a connection that more calls share, acknowledgements come with their responses. */
export const APART = 4;

/**
 * Sends HTTP requests to the API server by Deno's fetch. The npm package undici does not work here: under Deno its response
 * bodies never fail, neither on abort nor when the socket closes.
 *
 * Calls share one HTTP/2 connection. A few calls with long bodies have connections of HTTP/1.1, which write head and body
 * together. A call that times out closes all of them, because later calls would also use the silent connection.
 */
export class Transport {
  readonly #load: () => KubeConfig;
  #config: KubeConfig;
  #clients: Clients | undefined;
  #apart = 0;

  /** @param load reads the configuration; called again after 401 */
  constructor(load: () => KubeConfig) {
    this.#load = load;
    this.#config = load();
  }

  /**
   * Sends one request and reads the whole response.
   * @throws KubernetesError, or the signal's reason
   */
  async call(call: ApiRequest, signal: AbortSignal): Promise<ApiResponse> {
    using deadline = new Deadline(signal, call.limit ?? LIMIT);
    const { body = "", apart = body.length > LONG_BODY } = call;
    const way = apart && this.#apart < APART ? "apart" : "shared";
    if (way === "apart") this.#apart++;
    let clients: Clients | undefined;
    try {
      const response = await this.#send(call, deadline.signal, ({ tls }) => (clients = this.#clientsFor(tls))[way]);
      const text = await textOf(response, deadline.signal);
      return { status: response.status, headers: response.headers, text };
    } catch (error) {
      if (deadline.passed) {
        if (clients !== undefined && this.#clients === clients) this.close();
        const seconds = (call.limit ?? LIMIT) / 1000;
        throw new KubernetesError("Timeout", `The API server did not respond within ${seconds} s.`, { cause: error });
      }
      throw failure(error, signal);
    } finally {
      if (way === "apart") this.#apart--;
    }
  }

  /**
   * Begins a watch. It has its own client and uses HTTP/1.1, so that it neither delays calls nor waits for them. The signal
   * also ends the body.
   * @throws KubernetesError, or the signal's reason
   */
  async watch(path: string, signal: AbortSignal): Promise<WatchStream> {
    const clients: Deno.HttpClient[] = [];
    const closeClients = () => clients.splice(0).forEach((client) => client.close());
    try {
      const response = await this.#send({ method: "GET", path }, signal, ({ tls }) => {
        const client = newClient(tls, false);
        clients.push(client);
        return client;
      });
      if (response.body === null) {
        throw new KubernetesError("Unavailable", "The API server's response to a watch has no body.");
      }
      const body = new Body(response.body, signal);
      const close = async () => {
        await body.cancel();
        closeClients();
      };
      return { body: body.parts(), close };
    } catch (error) {
      closeClients();
      throw failure(error, signal);
    }
  }

  /** Closes the connections of calls; the next call opens another. */
  close(): void {
    this.#clients?.shared.close();
    this.#clients?.apart.close();
    this.#clients = undefined;
  }

  async #send(
    call: ApiRequest,
    signal: AbortSignal,
    clientFor: (credentials: KubernetesCredentials) => Deno.HttpClient,
  ): Promise<Response> {
    const config = this.#config;
    const response = await this.#fetch(call, signal, clientFor);
    if (response.status !== 401) return await good(response, signal);
    await response.body?.cancel();
    // The present configuration notices a rotated token only after a minute; a new one reads it at once.
    if (this.#config === config) this.#config = this.#load();
    return await good(await this.#fetch(call, signal, clientFor), signal);
  }

  async #fetch(
    { method, path, headers, body }: ApiRequest,
    signal: AbortSignal,
    clientFor: (credentials: KubernetesCredentials) => Deno.HttpClient,
  ): Promise<Response> {
    const credentials = await credentialsOf(this.#config);
    signal.throwIfAborted();
    return await fetch(credentials.server + path, {
      method,
      headers: { accept: "application/json", "user-agent": "view-gateway", ...headers, ...credentials.headers },
      ...(body !== undefined && { body }),
      client: clientFor(credentials),
      signal,
      redirect: "error",
    });
  }

  #clientsFor(tls: Tls): Clients {
    const key = JSON.stringify(tls);
    if (this.#clients?.key === key) return this.#clients;
    this.close();
    return this.#clients = { key, shared: newClient(tls, true), apart: newClient(tls, false) };
  }
}

function newClient({ caCerts, certificate, proxy }: Tls, http2: boolean): Deno.HttpClient {
  return Deno.createHttpClient({
    ...(caCerts && { caCerts }),
    ...certificate,
    ...(proxy && { proxy: { url: proxy } }),
    http2,
    // The API server closes idle connections after 90 s.
    poolIdleTimeout: 30_000,
  });
}

async function good(response: Response, signal: AbortSignal): Promise<Response> {
  if (response.ok) return response;
  throw errorOfAnswer(response.status, await textOf(response, signal), response.headers.get("retry-after"));
}

async function textOf({ body }: Response, signal: AbortSignal): Promise<string> {
  return body === null ? "" : await new Body(body, signal).text();
}

function failure(error: unknown, signal: AbortSignal): unknown {
  if (error instanceof KubernetesError) return error;
  if (signal.aborted) return signal.reason;
  return new KubernetesError("Unreachable", `The API server cannot be reached: ${reasonOf(error)}`, { cause: error });
}

/** fetch's error has the reason in its cause. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}
