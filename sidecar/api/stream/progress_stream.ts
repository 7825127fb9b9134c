import { Deadline } from "../../async/deadline.ts";
import type { Progress } from "../../page/progress.ts";
import { HEARTBEAT, retryEvent, serverSentEvent, type StreamTiming } from "./event_stream.ts";

/** A view's progress, and its changes. */
export interface ProgressSource {
  current(): Progress;
  /** Whether it is not the progress any more that the stream was opened for. */
  isOver(): boolean;
  /** Resolves when the progress may have changed; rejects with the signal's reason. */
  changed(signal: AbortSignal): Promise<void>;
}

/**
 * Server-sent events: the current progress, then each change, until there are no more, the source is over or the signal
 * aborts.
 */
export async function* progressEvents(
  source: ProgressSource,
  signal: AbortSignal,
  { heartbeat, retry }: Omit<StreamTiming, "limit">,
): AsyncGenerator<string, void, void> {
  yield retryEvent(retry);
  let last = "";
  while (!signal.aborted && !source.isOver()) {
    const progress = source.current();
    const event = eventOf(progress);
    if (event !== last) yield last = event;
    if (!progress.goesOn) return;
    if (!await hasChanged(source, heartbeat, signal) && !signal.aborted) yield HEARTBEAT;
  }
}

export function eventOf(progress: Progress): string {
  return serverSentEvent("progress", progress);
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
