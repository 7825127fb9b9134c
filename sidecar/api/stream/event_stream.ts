import { Deadline } from "../../async/deadline.ts";
import { problem, problemResponse } from "../../http/problem.ts";

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
  /** Their signal aborts when the stream has to end. */
  readonly events: (signal: AbortSignal) => AsyncGenerator<string, void, void>;
  /** Ends the stream. */
  readonly signal: AbortSignal;
  /** Milliseconds after which the stream ends. */
  readonly limit: number;
  readonly onEnd: () => void;
}

/** The answer with these events. HEAD has its headers alone. */
export function eventResponse({ method }: Pick<Request, "method">, stream: EventStream): Response {
  if (method !== "HEAD") return new Response(bodyOf(stream), { headers: HEADERS });
  stream.onEnd();
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

/**
 * The events as a response's body. It ends when its reader goes away, when the signal aborts, or at its limit. Then it also
 * ends where the reader reads nothing: that one would keep its place for as long as it stays connected.
 */
export function bodyOf({ events, signal, limit, onEnd }: EventStream): ReadableStream<Uint8Array> {
  const life = new Deadline(signal, limit);
  const encoder = new TextEncoder();
  const generator = events(life.signal);
  let ended = false;
  const end = () => {
    if (ended) return;
    ended = true;
    life[Symbol.dispose]();
    onEnd();
  };
  /** Passes the next event on, and all that are left once the stream has to end. */
  const next = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
    try {
      do {
        const { done, value } = await generator.next();
        if (ended) return;
        if (!done) controller.enqueue(encoder.encode(value));
        else {
          end();
          return controller.close();
        }
      } while (life.signal.aborted);
    } catch (error) {
      if (ended) return;
      end();
      controller.error(error);
    }
  };
  return new ReadableStream({
    start: (controller) => life.signal.addEventListener("abort", () => void next(controller), { once: true }),
    pull: next,
    async cancel() {
      end();
      life.abort(undefined);
      await generator.return();
    },
  });
}

const HEADERS = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
};
