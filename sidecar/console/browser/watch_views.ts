import type { ViewResource } from "@view-gateway/types";

export interface ViewEvents {
  /** The stream is open: what is loaded from now on misses no change. */
  readonly opened: () => void;
  readonly changed: (view: ViewResource) => void;
  readonly gone: (name: string) => void;
  /** Too much has changed: load again. */
  readonly reset: () => void;
  /**
   * The stream has broken, or has not opened. It is tried again by itself.
   * @param isRefused the answer was an error, as it is for who is signed out: to load the page tells which one
   */
  readonly failed: (isRefused: boolean) => void;
  /** No stream has been open for some seconds. */
  readonly lost: () => void;
}

/** A stream ends every few minutes and opens again soon: that is not worth a word. */
const LOST_AFTER = 6000;
const LONGEST_PAUSE = 30_000;

/** Follows the API's changes of views until the returned function is called. */
export function watchViews(path: string, events: ViewEvents): () => void {
  let source: EventSource | undefined;
  let pause: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;

  const connect = () => {
    source = new EventSource(path);
    source.addEventListener("open", () => {
      failures = 0;
      clearTimeout(silence);
      silence = undefined;
      events.opened();
    });
    source.addEventListener("changed", ({ data }) => events.changed(JSON.parse(data)));
    source.addEventListener("gone", ({ data }) => events.gone(JSON.parse(data).name));
    source.addEventListener("reset", events.reset);
    source.addEventListener("error", () => {
      silence ??= setTimeout(events.lost, LOST_AFTER);
      // A browser tries again after a broken connection, but not after an answer with an error.
      const isRefused = source?.readyState === EventSource.CLOSED;
      events.failed(isRefused);
      if (!isRefused) return;
      pause = setTimeout(connect, (0.5 + Math.random()) * Math.min(1000 * 2 ** failures++, LONGEST_PAUSE));
    });
  };
  connect();
  return () => {
    source?.close();
    clearTimeout(pause);
    clearTimeout(silence);
  };
}
