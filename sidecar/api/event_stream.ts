import { problem, problemResponse } from "../http/problem.ts";

/** All in milliseconds. */
export interface StreamTiming {
  /** Between two heartbeats, which detect a broken connection. */
  readonly heartbeat: number;
  /** After which a stream ends, and the page opens another. */
  readonly limit: number;
  /** That the page waits before it opens another. */
  readonly retry: number;
}

/** A stream also ends so that nobody whose rights have changed follows a view for longer than this. */
export const STREAM_TIMING: StreamTiming = { heartbeat: 10_000, limit: 300_000, retry: 1_000 };

export const HEARTBEAT = ":\n\n";

/** How long the client waits before it opens another stream. */
export function retryEvent(milliseconds: number): string {
  return `retry: ${milliseconds}\n\n`;
}

/**
 * A server-sent event. Its data is one line: JSON without line breaks.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export function serverSentEvent(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

export interface EventStream {
  readonly events: (signal: AbortSignal) => AsyncGenerator<string, void, void>;
  /** Ends the stream. */
  readonly signal: AbortSignal;
  readonly onEnd: () => void;
}

/** The answer with these events. HEAD has its headers alone. */
export function eventResponse({ method }: Pick<Request, "method">, { events, signal, onEnd }: EventStream): Response {
  if (method !== "HEAD") return new Response(bodyOf(events, signal, onEnd), { headers: HEADERS });
  onEnd();
  return new Response(null, { headers: HEADERS });
}

/** The answer of a gateway that stops. */
export function gatewayCloses(): Response {
  return problemResponse(problem(503, "gateway-closing", "This gateway stops. Try again."), 5);
}

/** The answer where as many streams are open as may be. */
export function tooManyStreams(detail: string): Response {
  return problemResponse(problem(503, "too-many-streams", detail), 5);
}

/** The events as a response's body. It ends when its reader stops, or when the signal aborts. */
export function bodyOf(
  events: (signal: AbortSignal) => AsyncGenerator<string, void, void>,
  signal: AbortSignal,
  onEnd: () => void,
): ReadableStream<Uint8Array> {
  const gone = new AbortController();
  const abort = () => gone.abort();
  signal.addEventListener("abort", abort);
  if (signal.aborted) abort();
  const encoder = new TextEncoder();
  const generator = events(gone.signal);
  let ended = false;
  const end = () => {
    if (ended) return;
    ended = true;
    signal.removeEventListener("abort", abort);
    onEnd();
  };
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await generator.next();
        if (ended) return;
        if (!done) return controller.enqueue(encoder.encode(value));
        end();
        controller.close();
      } catch (error) {
        if (ended) return;
        end();
        controller.error(error);
      }
    },
    async cancel() {
      end();
      abort();
      await generator.return();
    },
  });
}

const HEADERS = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
};
