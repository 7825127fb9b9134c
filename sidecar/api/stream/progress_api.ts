import { type Context, Hono } from "hono";
import { type EndpointAcks, EndpointsRefusedError } from "../../envoy/endpoint_acks.ts";
import { failure, type Progress, progressOf } from "../../page/progress.ts";
import type { Quota, QuotaLimits } from "../../async/quota.ts";
import { Deadline } from "../../async/deadline.ts";
import { firstOf } from "../../async/first_of.ts";
import { problem, problemResponse } from "../../http/problem.ts";
import { NOT_ROUTED } from "../../view/reasons.ts";
import { viewOfHost } from "../../view/name.ts";
import { isSameVersion } from "../../view/same_version.ts";
import type { Cause, ViewState } from "../../view/state.ts";
import type { Views } from "../../view/views.ts";
import { methodNotAllowed } from "../method_not_allowed.ts";
import { crossOrigin } from "../cross_origin.ts";
import { eventResponse, gatewayCloses, STREAM_TIMING, type StreamTiming, tooManyStreams } from "./event_stream.ts";
import { progressEvents, type ProgressSource } from "./progress_stream.ts";

/** The snapshot of all views, and a wait until it is complete. */
export interface SyncedViews extends Views {
  /** Resolves once the snapshot holds all views; rejects with the signal's reason. */
  untilSynced(signal: AbortSignal): Promise<void>;
}

export interface ProgressOptions {
  readonly views: SyncedViews;
  readonly acks: EndpointAcks;
  readonly baseHost: string;
  /** Ends all streams: their pages connect to another sidecar, or to this one after its restart. */
  readonly signal: AbortSignal;
  /** Called when somebody opens a view's page. */
  readonly onWatched?: (view: string) => void;
  /** Open streams: one for each page that somebody looks at. */
  readonly watched: Quota;
  readonly timing?: Partial<StreamTiming>;
  /** Milliseconds that a stream waits for an unknown view: another gateway may have just created it. */
  readonly appearance?: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** The limit per view leaves room for the pages of other views. */
export const WATCHED_LIMITS: QuotaLimits = { each: 100, total: 1_000 };

/** Serves a view's progress to its page, below `/_gate/` on the view's hostname. It never wakes a view. */
export class ProgressApi {
  readonly routes: Hono = new Hono();
  readonly #options: ProgressOptions;

  constructor(options: ProgressOptions) {
    this.#options = options;
    this.routes.get("/_gate/progress", (c) => this.#progress(c));
    this.routes.all("/_gate/progress", methodNotAllowed("GET", "HEAD"));
  }

  #progress(c: Context): Response {
    const { baseHost, timing, signal, watched } = this.#options;
    const host = c.req.header("host") ?? "";
    const name = viewOfHost(host, baseHost);
    if (name === undefined) return problemResponse(problem(404, "unknown-view", `There is no view at ${host}.`));
    const refused = crossOrigin(c.req.raw.headers);
    if (refused !== undefined) return problemResponse(problem(403, "cross-origin", refused));
    if (signal.aborted) return gatewayCloses();
    const full = watched.acquire(name);
    if (full !== undefined) {
      const whose = full.of === "one" ? `view ${name}` : "all views";
      return tooManyStreams(`${full.limit} pages already follow the progress of ${whose}.`);
    }
    // Whoever asks may open this version of the view. The page opens another stream for another one.
    const opened = this.#options.views.get(name);
    const isOver = () => {
      const present = this.#options.views.get(name);
      return present !== undefined && !isSameVersion(present, opened);
    };
    const streamTiming = { ...STREAM_TIMING, ...timing };
    const events = (signal: AbortSignal) => this.#events(name, isOver, signal, streamTiming);
    this.#options.onWatched?.(name);
    return eventResponse(c.req.raw, {
      ...{ events, signal, limit: streamTiming.limit },
      onEnd: () => watched.release(name),
    });
  }

  async *#events(
    name: string,
    isOver: () => boolean,
    signal: AbortSignal,
    timing: StreamTiming,
  ): AsyncGenerator<string, void, void> {
    const { views, appearance = 1_000 } = this.#options;
    try {
      await views.untilSynced(signal);
      if (views.get(name) === undefined) {
        using limit = new Deadline(signal, appearance);
        await views.until(name, (state) => state !== undefined, limit.signal);
      }
    } catch {
      if (signal.aborted) return;
    }
    yield* progressEvents({ ...this.#source(name), isOver }, signal, timing);
  }

  #source(name: string): Omit<ProgressSource, "isOver"> {
    const { views, acks, now } = this.#options;
    let view: ViewState | undefined;
    let acked = false;
    /** Why Envoy refuses the view's endpoints. */
    let refused: Cause | undefined;
    return {
      current: (): Progress => {
        view = views.get(name);
        acked = view?.phase.kind === "awake" && acks.isAcked(name);
        return refused === undefined ? progressOf(name, view, acked, now()) : failure(name, refused);
      },
      changed: async (signal: AbortSignal): Promise<void> => {
        const changes = (signal: AbortSignal) => views.until(name, (state) => state !== view, signal);
        // After Envoy has refused the endpoints, only other endpoints help.
        if (view?.phase.kind !== "awake" || acked || refused !== undefined) {
          await changes(signal);
          refused = undefined;
          return;
        }
        await firstOf(
          signal,
          changes,
          (signal) =>
            acks.untilAcked(name, signal).catch((error) => {
              if (!(error instanceof EndpointsRefusedError)) return changes(signal);
              refused = { reason: NOT_ROUTED, message: error.message };
            }),
        );
      },
    };
  }
}
