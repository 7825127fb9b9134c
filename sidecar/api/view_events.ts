import { aborted } from "../async/aborted.ts";
import { Deadline } from "../async/deadline.ts";
import type { ViewState } from "../view/state.ts";
import { HEARTBEAT, retryEvent, serverSentEvent, type StreamTiming } from "./event_stream.ts";
import type { PendingChanges } from "./pending_changes.ts";

/** A person's view of the changes. */
export interface WatchedViews {
  readonly pending: Pick<PendingChanges, "take" | "untilAny">;
  /** The view as it is now. */
  current(name: string): ViewState | undefined;
  /** Whether the person sees the view in this state; undefined where nobody can say: the stream ends. */
  shows(state: ViewState, signal: AbortSignal): Promise<boolean | undefined>;
  /** The event with this state. */
  changedEvent(state: ViewState): string;
  /** Whether the stream ends with the first `gone`. */
  readonly endsWhenGone: boolean;
}

export interface WatchTiming extends StreamTiming {
  /** Milliseconds from one batch of changes to the next: those of one view become one. */
  readonly flush: number;
}

const RESET = serverSentEvent("reset", {});

/** Server-sent events of the views that change: batches of `changed`, `gone` and `reset`, and heartbeats between them. */
export async function* viewEvents(
  views: WatchedViews,
  signal: AbortSignal,
  { heartbeat, limit, retry, flush }: WatchTiming,
): AsyncGenerator<string, void, void> {
  using life = new Deadline(signal, limit);
  yield retryEvent(retry);
  while (!life.signal.aborted) {
    const batch = await nextBatch(views, heartbeat, life.signal);
    if (batch === "unknown" || signal.aborted) return;
    yield batch === "none" ? HEARTBEAT : batch.text;
    if (batch === "none") continue;
    if (batch.gone && views.endsWhenGone) return;
    using rest = new Deadline(life.signal, flush);
    await aborted(rest.signal);
  }
}

interface Batch {
  readonly text: string;
  readonly gone: boolean;
}

/** The next events that the person may see; `none` until the next heartbeat, or the end of the stream. */
async function nextBatch(
  views: WatchedViews,
  heartbeat: number,
  life: AbortSignal,
): Promise<Batch | "none" | "unknown"> {
  using beat = new Deadline(life, heartbeat);
  try {
    while (true) {
      await views.pending.untilAny(beat.signal);
      if (beat.signal.aborted) return "none";
      const batch = await batchOf(views, life);
      if (batch === "unknown" || batch.text !== "") return batch;
    }
  } catch (error) {
    if (life.aborted) return "none";
    throw error;
  }
}

async function batchOf(views: WatchedViews, signal: AbortSignal): Promise<Batch | "unknown"> {
  const changes = views.pending.take();
  if (changes === "reset") return { text: RESET, gone: false };
  let text = "";
  let gone = false;
  for (const [name, before] of changes) {
    const after = views.current(name);
    const isShown = after !== undefined && await views.shows(after, signal);
    // The name of a view that the person never saw stays unknown to them.
    const wasShown = isShown === false && before !== undefined && await views.shows(before, signal);
    if (isShown === undefined || wasShown === undefined) return "unknown";
    if (isShown) text += views.changedEvent(after!);
    else if (wasShown) text += serverSentEvent("gone", { name });
    gone ||= wasShown;
  }
  return { text, gone };
}
