import { JsonTraceSerializer } from "@opentelemetry/otlp-transformer";
import type { ReadableSpan, SpanProcessor } from "@opentelemetry/sdk-trace";
import type { Pause } from "../async/pause.ts";

export interface SpanQueueOptions {
  /** Sends a request's body to the collector. Rejects where the collector does not take it. */
  readonly send: (body: Uint8Array<ArrayBuffer>) => Promise<void>;
  /** Called with the number of spans that will not be sent. */
  readonly onDropped: (spans: number) => void;
  /** Called with the error when the collector does not take spans, once until it takes some again. */
  readonly onError: (error: unknown) => void;
  readonly pause: Pause;
  /** Most spans that wait. */
  readonly limit?: number;
}

/** A span takes about a kilobyte. */
const LIMIT = 2_048;

/** Spans of one request. */
const BATCH = 512;

/** Milliseconds that spans wait for others. */
const GATHERING = 1_000;

/**
 * Spans on their way to the collector. What the collector does not take at once is dropped: traces may have gaps, and a
 * gateway may not wait for them.
 */
export class SpanQueue implements SpanProcessor {
  readonly #options: SpanQueueOptions;
  readonly #waiting: ReadableSpan[] = [];
  #some = Promise.withResolvers<void>();
  #failing = false;

  constructor(options: SpanQueueOptions) {
    this.#options = options;
  }

  /** How many spans wait. */
  get size(): number {
    return this.#waiting.length;
  }

  onStart(): void {}

  onEnd(span: ReadableSpan): void {
    if (this.#waiting.length >= (this.#options.limit ?? LIMIT)) return this.#options.onDropped(1);
    this.#waiting.push(span);
    this.#some.resolve();
  }

  /** Sends what comes, until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const stopped = Promise.withResolvers<void>();
    signal.addEventListener("abort", () => stopped.resolve(), { once: true });
    while (!signal.aborted) {
      await Promise.race([this.#some.promise, stopped.promise]);
      await this.#options.pause(GATHERING, signal).catch(() => {});
      if (!signal.aborted) await this.forceFlush();
    }
  }

  /**
   * Sends all that waits now, in one try. After a request that fails, the rest waits for the next turn: the sidecar's stop
   * takes as long as one such request. Never rejects.
   */
  async forceFlush(): Promise<void> {
    this.#some = Promise.withResolvers();
    for (let left = this.#waiting.length; left > 0; left -= BATCH) {
      if (await this.#export(this.#waiting.splice(0, Math.min(left, BATCH)))) continue;
      if (this.#waiting.length > 0) this.#some.resolve();
      return;
    }
  }

  shutdown(): Promise<void> {
    return this.forceFlush();
  }

  /** Answers whether the collector has taken them. */
  async #export(spans: readonly ReadableSpan[]): Promise<boolean> {
    const { send, onDropped, onError } = this.#options;
    try {
      const body = JsonTraceSerializer.serializeRequest([...spans]) as Uint8Array<ArrayBuffer>;
      await send(body);
      this.#failing = false;
      return true;
    } catch (error) {
      onDropped(spans.length);
      if (!this.#failing) onError(error);
      this.#failing = true;
      return false;
    }
  }
}
