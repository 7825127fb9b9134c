import { Deadline } from "../async/deadline.ts";
import type { Progress } from "../page/progress.ts";

/** A view's progress, and its changes. */
export interface ProgressSource {
  current(): Progress;
  /** Whether it is not the progress any more that the stream was opened for. */
  isOver(): boolean;
  /** Resolves when the progress may have changed; rejects with the signal's reason. */
  changed(signal: AbortSignal): Promise<void>;
}

/** All in milliseconds. */
export interface StreamTiming {
  /** Between two heartbeats, which detect a broken connection. */
  readonly heartbeat: number;
  /** After which a stream ends, and the page opens another. */
  readonly limit: number;
  /** That the page waits before it opens another. */
  readonly retry: number;
}

/**
 * Server-sent events: the current progress, then each change, until there are no more, the source is over or the signal
 * aborts.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export async function* progressEvents(
  source: ProgressSource,
  signal: AbortSignal,
  { heartbeat, limit, retry }: StreamTiming,
): AsyncGenerator<string, void, void> {
  using life = new Deadline(signal, limit);
  yield `retry: ${retry}\n\n`;
  let last = "";
  while (!signal.aborted && !source.isOver()) {
    const progress = source.current();
    const event = eventOf(progress);
    if (event !== last) yield last = event;
    if (!progress.goesOn || life.passed) return;
    if (!await hasChanged(source, heartbeat, signal) && !signal.aborted) yield ":\n\n";
  }
}

/** An event's data is one line: JSON without line breaks. */
export function eventOf(progress: Progress): string {
  return `event: progress\ndata: ${JSON.stringify(progress)}\n\n`;
}

/** Whether the source changes before this time is over, or the signal aborts. */
async function hasChanged(source: ProgressSource, milliseconds: number, signal: AbortSignal): Promise<boolean> {
  using limit = new Deadline(signal, milliseconds);
  try {
    await source.changed(limit.signal);
    return true;
  } catch (error) {
    if (!limit.signal.aborted) throw error;
    return false;
  }
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
