import { setTimeout as delay } from "node:timers/promises";
import { type OtlpSpan, otlpSpans } from "./otlp_spans.ts";

export interface CollectorOptions {
  /** Answers in place of the collector, which has read the spans. The signal aborts when the collector ends. */
  readonly answer?: (over: AbortSignal) => Response | Promise<Response>;
  /** Called with the spans of each request. */
  readonly onSpans?: (spans: readonly OtlpSpan[]) => void;
  /** A certificate and its key, in PEM. Default: it speaks plain HTTP. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Default: a free one. */
  readonly port?: number;
  /** Default: the loopback address. */
  readonly hostname?: string;
}

/** A collector of traces, as far as OTLP/HTTP goes. It keeps all spans. */
export class OtlpCollector implements AsyncDisposable {
  readonly spans: OtlpSpan[] = [];
  /** The bodies as they came, as texts: for what must not be in them. */
  readonly texts: string[] = [];
  readonly endpoint: string;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #stop = new AbortController();

  constructor(
    { answer = () => Response.json({}), onSpans, tls, port = 0, hostname = "127.0.0.1" }: CollectorOptions = {},
  ) {
    this.#server = Deno.serve({ hostname, port, onListen: () => {}, ...tls }, async (request) => {
      if (request.method !== "POST" || new URL(request.url).pathname !== "/v1/traces") {
        return new Response(null, { status: 404 });
      }
      const body = new Uint8Array(await request.arrayBuffer());
      this.texts.push(new TextDecoder().decode(body));
      const spans = otlpSpans(body, request.headers.get("content-type") ?? "");
      this.spans.push(...spans);
      onSpans?.(spans);
      return await answer(this.#stop.signal);
    });
    this.endpoint = `${tls === undefined ? "http" : "https"}://${hostname}:${this.#server.addr.port}`;
  }

  /** The spans of each trace, by its ID. */
  get traces(): ReadonlyMap<string, readonly OtlpSpan[]> {
    return Map.groupBy(this.spans, ({ traceId }) => traceId);
  }

  /** Waits for the first trace of this kind. */
  async trace(
    what: string,
    matches: (spans: readonly OtlpSpan[]) => boolean,
    milliseconds = 10_000,
  ): Promise<readonly OtlpSpan[]> {
    const deadline = performance.now() + milliseconds;
    while (performance.now() < deadline) {
      const found = [...this.traces.values()].find(matches);
      if (found !== undefined) return found;
      await delay(20);
    }
    const seen = [...this.traces.values()].map((spans) => spans.map(({ name }) => name).join(", "));
    throw new Error(`No trace came of ${what}, but: ${seen.join("; ") || "none"}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#server.shutdown();
  }
}
