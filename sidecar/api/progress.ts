import { type Context, Hono } from "hono";
import { type Progress, progressOf } from "../page/progress.ts";
import { viewOfHost } from "../view/name.ts";
import type { ViewState } from "../view/state.ts";
import { crossOrigin } from "./origin.ts";
import { bodyOf, progressEvents, type StreamTiming } from "./progress_stream.ts";
import { fail } from "./views.ts";

/** The snapshot of all views. */
export interface Views {
  get(name: string): ViewState | undefined;
  until(
    name: string,
    fits: (state: ViewState | undefined) => boolean,
    signal: AbortSignal,
  ): Promise<ViewState | undefined>;
  /** Resolves once the snapshot holds all views; rejects with the signal's reason. */
  untilSynced(signal: AbortSignal): Promise<void>;
}

/** What Envoy knows of a view. */
export interface Routed {
  now(view: string): boolean;
  until(view: string, signal: AbortSignal): Promise<void>;
}

export interface ProgressOptions {
  readonly views: Views;
  readonly routed: Routed;
  readonly baseHost: string;
  /** Ends all streams: their pages go to another sidecar, or to this one's next. */
  readonly signal: AbortSignal;
  /** Told when somebody begins to look at a view's page. */
  readonly onWatched?: (view: string) => void;
  /** Streams that may be open at once. */
  readonly limit?: number;
  readonly timing?: Partial<StreamTiming>;
  /** Milliseconds that a view is waited for which is not there: another gateway may have known it first. */
  readonly appearance?: number;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

const TIMING: StreamTiming = { heartbeat: 10_000, limit: 300_000, retry: 1_000 };

/** What the page of a view that starts reads from `/_gate/` on the view's own hostname. Nothing here wakes a view. */
export class ProgressApi {
  readonly routes: Hono = new Hono();
  /** How many streams are open, by view. */
  readonly #open = new Map<string, number>();
  readonly #options: ProgressOptions;
  #all = 0;

  constructor(options: ProgressOptions) {
    this.#options = options;
    this.routes.get("/_gate/progress", (c) => this.#progress(c));
    this.routes.all("/_gate/progress", (c) => {
      c.header("Allow", "GET, HEAD");
      return fail(c, 405, "method-not-allowed", `${c.req.method} is not possible here; GET and HEAD are.`);
    });
  }

  /** How many streams are open. */
  get streams(): number {
    return this.#all;
  }

  /** The views whose pages somebody looks at. */
  get watched(): readonly string[] {
    return [...this.#open.keys()];
  }

  isWatched(view: string): boolean {
    return this.#open.has(view);
  }

  #progress(c: Context): Response {
    const { baseHost, limit = 1_000, timing, signal } = this.#options;
    const host = c.req.header("host") ?? "";
    const name = viewOfHost(host, baseHost);
    if (name === undefined) return fail(c, 404, "unknown-view", `There is no view at ${host}.`);
    const refused = crossOrigin(c.req.raw.headers);
    if (refused !== undefined) return fail(c, 403, "cross-origin", refused);
    if (c.req.raw.method === "HEAD") return new Response(null, { headers: HEADERS });
    if (this.#all >= limit || signal.aborted) {
      c.header("Retry-After", "5");
      return fail(c, 503, "too-many-streams", `${limit} pages already follow the progress of their views.`);
    }
    this.#enter(name);
    const events = (signal: AbortSignal) => this.#events(name, signal, { ...TIMING, ...timing });
    return new Response(bodyOf(events, signal, () => this.#leave(name)), { headers: HEADERS });
  }

  async *#events(name: string, signal: AbortSignal, timing: StreamTiming): AsyncGenerator<string, void, void> {
    const { views, appearance = 1_000 } = this.#options;
    try {
      await views.untilSynced(signal);
      if (views.get(name) === undefined) {
        const limit = AbortSignal.any([signal, AbortSignal.timeout(appearance)]);
        await views.until(name, (state) => state !== undefined, limit);
      }
    } catch {
      if (signal.aborted) return;
    }
    yield* progressEvents(this.#source(name), signal, timing);
  }

  #source(name: string) {
    const { views, routed, now = Date.now } = this.#options;
    let view: ViewState | undefined;
    let known = false;
    return {
      now: (): Progress => {
        view = views.get(name);
        known = view?.phase.kind === "awake" && routed.now(name);
        return progressOf(name, view, known, now());
      },
      changed: async (signal: AbortSignal): Promise<void> => {
        const settled = new AbortController();
        const either = AbortSignal.any([signal, settled.signal]);
        const change = views.until(name, (state) => state !== view, either);
        const waits: Promise<unknown>[] = [change];
        // Where Envoy refuses the endpoints, only other endpoints help.
        if (view?.phase.kind === "awake" && !known) waits.push(routed.until(name, either).catch(() => change));
        try {
          await Promise.race(waits);
        } finally {
          settled.abort();
          await Promise.allSettled(waits);
        }
      },
    };
  }

  #enter(name: string): void {
    this.#all++;
    this.#open.set(name, (this.#open.get(name) ?? 0) + 1);
    this.#options.onWatched?.(name);
  }

  #leave(name: string): void {
    this.#all--;
    const open = this.#open.get(name) ?? 0;
    if (open <= 1) this.#open.delete(name);
    else this.#open.set(name, open - 1);
  }
}

const HEADERS = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
};
