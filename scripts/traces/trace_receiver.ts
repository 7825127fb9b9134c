import { otlpFromJson, otlpFromProtobuf, type OtlpRequest } from "./otlp_request.ts";
import { type ZipkinSpan, zipkinSpans } from "./zipkin_spans.ts";

/** Bytes of a request, also after it is unpacked. Envoy's largest one has 512 spans, which take some 500 kB. */
const BODY_LIMIT = 4 * 1024 * 1024;

/** How many requests may be worked on at the same time. Their sender drops the spans of others, or sends them again. */
const REQUEST_LIMIT = 32;

const TYPES: Readonly<Record<string, { read(bytes: Uint8Array): OtlpRequest; readonly answer: string }>> = {
  // An empty message: all spans were taken.
  "application/x-protobuf": { read: otlpFromProtobuf, answer: "" },
  "application/json": { read: otlpFromJson, answer: "{}" },
};

/**
 * Takes traces as OTLP sends them over HTTP, and passes each request's spans on.
 * https://opentelemetry.io/docs/specs/otlp/#otlphttp
 */
export class TraceReceiver {
  readonly #pass: (spans: readonly ZipkinSpan[], signal: AbortSignal) => Promise<void>;
  #requests = 0;

  /** @param pass rejects where the spans cannot be kept now */
  constructor(pass: (spans: readonly ZipkinSpan[], signal: AbortSignal) => Promise<void>) {
    this.#pass = pass;
  }

  async answer(request: Request): Promise<Response> {
    if (new URL(request.url).pathname !== "/v1/traces") return plain(404, "Traces go to /v1/traces.");
    if (request.method !== "POST") return plain(405, "Traces are sent by POST.", { allow: "POST" });
    if (this.#requests >= REQUEST_LIMIT) return plain(503, "Too many requests at once.", { "retry-after": "1" });
    this.#requests++;
    try {
      return await this.#receive(request);
    } finally {
      this.#requests--;
    }
  }

  async #receive(request: Request): Promise<Response> {
    const type = (request.headers.get("content-type") ?? "").replace(/;.*/, "").trim().toLowerCase();
    const encoding = TYPES[type];
    if (encoding === undefined) return plain(415, `Traces are ${Object.keys(TYPES).join(" or ")}.`);
    const packing = request.headers.get("content-encoding")?.toLowerCase() ?? "identity";
    if (packing !== "identity" && packing !== "gzip") return plain(415, "A body may be packed by gzip alone.");
    let spans: readonly ZipkinSpan[];
    try {
      const bytes = await limited(request.body, packing);
      if (bytes === undefined) return plain(413, `A body may have ${BODY_LIMIT} bytes.`);
      spans = zipkinSpans(encoding.read(bytes));
    } catch (error) {
      request.signal.throwIfAborted();
      return plain(400, `The body has no traces: ${(error as Error).message}`);
    }
    try {
      if (spans.length > 0) await this.#pass(spans, request.signal);
    } catch (error) {
      request.signal.throwIfAborted();
      return plain(503, `The traces cannot be kept: ${(error as Error).message}`);
    }
    return new Response(encoding.answer, { headers: { "content-type": type } });
  }
}

/** The bytes of a body, unpacked; undefined where they are too many. */
async function limited(
  body: ReadableStream<Uint8Array<ArrayBuffer>> | null,
  packing: "identity" | "gzip",
): Promise<Uint8Array | undefined> {
  if (body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop cancels the rest.
  for await (const chunk of packing === "gzip" ? body.pipeThrough(new DecompressionStream("gzip")) : body) {
    length += chunk.length;
    if (length > BODY_LIMIT) return undefined;
    chunks.push(chunk);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

function plain(status: number, text: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(`${text}\n`, { status, headers });
}
