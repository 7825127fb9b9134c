import type { Problem } from "@view-gateway/types";
import { CommandFailure } from "./command_failure.ts";
import { isBelowLocalhost } from "./place.ts";
import { oneLine } from "./terminal.ts";

/** Milliseconds for an answer that does not wait for a view. */
const LIMIT = 30_000;

/** What the gateway refuses, with its problem (RFC 9457). */
export class GatewayRefusal extends CommandFailure {
  readonly problem: Problem;

  constructor(problem: Problem, isKnown: boolean) {
    super(refusalText(problem, isKnown));
    this.problem = problem;
  }
}

export interface GatewayRequest {
  readonly method?: "GET" | "POST" | "DELETE";
  readonly body?: unknown;
  /** Seconds that the answer itself waits. */
  readonly wait?: number;
}

/** The gateway's API, for one user. */
export class GatewayApi implements Disposable {
  readonly #origin: string;
  readonly #token: string | undefined;
  readonly #signal: AbortSignal;
  // Browsers find each name below localhost on their own machine. Resolvers may not, so the Host header is set by hand.
  readonly #client = Deno.createHttpClient({ allowHost: true });

  constructor({ origin, token, signal }: {
    readonly origin: string;
    readonly token: string | undefined;
    readonly signal: AbortSignal;
  }) {
    this.#origin = origin;
    this.#token = token;
    this.#signal = signal;
  }

  /** The value of a good answer. @throws CommandFailure */
  async ask<T>(path: string, { wait = 0, ...request }: GatewayRequest = {}): Promise<T> {
    const response = await this.#send(path, request, AbortSignal.timeout(LIMIT + wait * 1000));
    const text = await this.#guarded(response.text());
    return text === "" ? undefined as T : JSON.parse(text);
  }

  /** The body of a stream, which lasts until the signal aborts. @throws CommandFailure */
  async stream(path: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const { body } = await this.#send(path, { accept: "text/event-stream" }, signal);
    return body ?? new ReadableStream({ start: (controller) => controller.close() });
  }

  async #send(
    path: string,
    { method = "GET", body, accept = "application/json" }: GatewayRequest & { readonly accept?: string },
    limit: AbortSignal,
  ): Promise<Response> {
    const url = new URL(path, this.#origin);
    const headers: Record<string, string> = { accept, host: url.host };
    if (this.#token !== undefined) headers.authorization = `Bearer ${this.#token}`;
    if (body !== undefined) headers["content-type"] = "application/json";
    if (url.protocol === "http:" && isBelowLocalhost(url.hostname)) url.hostname = "127.0.0.1";
    const response = await this.#guarded(fetch(url, {
      ...{ method, headers, client: this.#client, redirect: "manual" },
      ...body !== undefined && { body: JSON.stringify(body) },
      signal: AbortSignal.any([this.#signal, limit]),
    }));
    if (response.ok) return response;
    throw await this.#refusal(response);
  }

  async #refusal(response: Response): Promise<CommandFailure> {
    const text = await this.#guarded(response.text());
    if (response.headers.get("content-type")?.startsWith("application/problem+json")) {
      return new GatewayRefusal(JSON.parse(text), this.#token !== undefined);
    }
    const to = response.headers.get("location");
    return new CommandFailure(
      to !== null && response.status < 400
        ? `${this.#origin} sends you to ${oneLine(to)}. Use the gateway's own address.`
        : `${this.#origin} answers ${response.status}, but not as a view gateway does. Is this the gateway's address?`,
    );
  }

  async #guarded<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      this.#signal.throwIfAborted();
      throw new CommandFailure(unreachableText(this.#origin, error));
    }
  }

  [Symbol.dispose](): void {
    this.#client.close();
  }
}

function refusalText({ status, detail, errors = [], parameters = [] }: Problem, isKnown: boolean): string {
  const more = [
    ...errors.map(({ pointer, detail }) => `${pointer} ${detail}`),
    ...parameters.map(({ name, detail }) => `${name} ${detail}`),
  ];
  // The detail mostly has the mistakes too.
  const unsaid = more.filter((text) => !detail.includes(text));
  const said = [oneLine(detail), ...unsaid.map((text) => `  ${oneLine(text)}`)].join("\n");
  if (status !== 401) return said;
  return isKnown
    ? `The gateway does not accept your token: ${said}`
    : "The gateway does not know who you are. Give a token: by --token-file, VIEW_GATEWAY_TOKEN or --service-account.";
}

/** Why no answer came, in words. */
export function unreachableText(origin: string, error: unknown): string {
  if ((error as Error).name === "TimeoutError") return `The gateway at ${origin} does not answer in time.`;
  // Deno tells the cause beside the message, or in it.
  const { message, cause } = error as Error;
  const whole = cause instanceof Error ? cause.message : message;
  const last = whole.split(": ").at(-1) ?? whole;
  if (/refused/i.test(whole)) return `Nothing listens at ${origin}: the connection is refused. Does the gateway run?`;
  if (/dns|lookup|resolve|not known/i.test(whole)) return `There is no host of the name in ${origin}.`;
  if (/certificate/i.test(whole)) {
    return `${origin} has a certificate that this machine does not trust: ${
      oneLine(last)
    }. DENO_CERT can name a file ` +
      "with the certificate of your organization.";
  }
  return `The gateway at ${origin} cannot be reached: ${oneLine(last)}.`;
}
