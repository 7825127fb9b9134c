import { aborted } from "../../async/aborted.ts";
import { Deadline } from "../../async/deadline.ts";
import type { ViewState } from "../../view/state.ts";
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

/** Events longer than this come in parts, so that little text waits for a client that reads slowly, or not at all. */
const PART = 1 << 16;

/** Server-sent events of the views that change: batches of `changed`, `gone` and `reset`, and heartbeats between them. */
export async function* viewEvents(
  views: WatchedViews,
  signal: AbortSignal,
  { heartbeat, retry, flush }: Omit<WatchTiming, "limit">,
): AsyncGenerator<string, void, void> {
  yield retryEvent(retry);
  while (!signal.aborted) {
    const outcome = yield* nextBatch(views, heartbeat, signal);
    if (outcome === "unknown" || outcome === "gone" && views.endsWhenGone) return;
    if (outcome === "nothing") continue;
    using rest = new Deadline(signal, flush);
    await aborted(rest.signal);
  }
}

/** What a batch has told. `unknown`: nobody can say what the person may see. */
type Outcome = "nothing" | "changes" | "gone" | "unknown";

/** The next events that the person may see, or a heartbeat where there are none in time. */
async function* nextBatch(
  views: WatchedViews,
  heartbeat: number,
  signal: AbortSignal,
): AsyncGenerator<string, Outcome, void> {
  using beat = new Deadline(signal, heartbeat);
  try {
    while (true) {
      await views.pending.untilAny(beat.signal);
      if (beat.signal.aborted) break;
      const outcome = yield* batchOf(views, signal);
      if (outcome !== "nothing") return outcome;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  if (!signal.aborted) yield HEARTBEAT;
  return "nothing";
}

async function* batchOf(views: WatchedViews, signal: AbortSignal): AsyncGenerator<string, Outcome, void> {
  const changes = views.pending.take();
  if (changes === "reset") {
    yield RESET;
    return "changes";
  }
  let outcome: Outcome = "nothing";
  let text = "";
  for (const [name, before] of changes) {
    const after = views.current(name);
    const isShown = after !== undefined && await views.shows(after, signal);
    // The name of a view that the person never saw stays unknown to them.
    const wasShown = isShown === false && before !== undefined && await views.shows(before, signal);
    if (isShown === undefined || wasShown === undefined) return "unknown";
    if (isShown) text += views.changedEvent(after!);
    else if (wasShown) text += serverSentEvent("gone", { name });
    if (wasShown) outcome = "gone";
    else if (isShown && outcome === "nothing") outcome = "changes";
    if (text.length < PART) continue;
    yield text;
    // The stream may have ended while the client did not read: it lists again.
    if (signal.aborted) return outcome;
    text = "";
  }
  if (text !== "") yield text;
  return outcome;
}
