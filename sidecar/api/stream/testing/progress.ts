import { Hono } from "hono";
import { Quota } from "../../../async/quota.ts";
import { Store } from "../../../kubernetes/snapshot/store.ts";
import type { Progress } from "../../../page/progress.ts";
import type { ViewPhase, ViewState } from "../../../view/state.ts";
import { viewState } from "../../../view/testing/view_state.ts";
import { ProgressApi, type ProgressOptions, type SyncedViews, WATCHED_LIMITS } from "../progress_api.ts";

const attempt = { createdAt: "2026-01-01T00:00:00Z", failures: 0 };
export const viewOfPhase = (phase: ViewPhase) => viewState(phase, { attempt });
export const startingView = (step: "no pod" | "scheduling" = "no pod") =>
  viewOfPhase({ kind: "starting", job: "job-1", step });
export const awakeView = () => viewOfPhase({ kind: "awake", job: "job-1", serving: [] });
export const failedView = (reason = "ErrImagePull") =>
  viewOfPhase({ kind: "failed", job: "job-1", cause: { reason, message: "no" } });

export async function startProgress(change: Partial<ProgressOptions> = {}) {
  // The real store: derivation gives what a test has put there.
  let next: ViewState | undefined;
  const store = new Store<ViewState>({
    clock: () => performance.now(),
    derive: () => next,
    onProblem: (_message, error) => {
      throw error;
    },
  });
  const put = (state: ViewState | undefined, name = "hello") => {
    next = state;
    store.change(name, (objects) => objects, undefined, undefined);
  };
  await store.settle(new AbortController().signal);
  const stop = new AbortController();
  let known = true;
  const told = new Set<() => void>();
  const watched = change.watched ?? new Quota(WATCHED_LIMITS);
  const api = new ProgressApi({
    views: store satisfies SyncedViews,
    acks: {
      isAcked: () => known,
      untilAcked: (_name, signal) =>
        new Promise((resolve, reject) => {
          if (known) resolve();
          told.add(resolve);
          signal.addEventListener("abort", () => reject(signal.reason));
        }),
    },
    watched,
    baseHost: "localhost",
    signal: stop.signal,
    appearance: 20,
    now: () => Date.parse("2026-01-01T00:00:07Z"),
    ...change,
  });
  const app = new Hono().route("/", api.routes);
  const ask = (headers: Record<string, string> = {}, init: RequestInit = {}) =>
    Promise.resolve(
      app.fetch(
        new Request("http://sidecar/_gate/progress", { ...init, headers: { host: "hello.localhost", ...headers } }),
      ),
    );
  return {
    ...{ watched, app, ask, put, stop },
    setAcked: (yes: boolean) => {
      known = yes;
      told.forEach((tell) => tell());
    },
  };
}

/** The stream's events as they come; and what else it says. */
export class ProgressReader {
  readonly progress: Progress[] = [];
  text = "";
  readonly #reader;

  constructor(response: Response) {
    this.#reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** Reads until there is this number of events; false where the stream ended before. */
  async until(events: number): Promise<boolean> {
    while (this.progress.length < events) {
      const { done, value } = await this.#reader.read();
      if (done) return false;
      this.text += value;
      const data = /^event: progress\ndata: (.*)\n\n$/.exec(value)?.[1];
      if (data !== undefined) this.progress.push(JSON.parse(data));
    }
    return true;
  }

  async rest(): Promise<void> {
    await this.until(Infinity);
  }

  cancel(): Promise<void> {
    return this.#reader.cancel();
  }
}
