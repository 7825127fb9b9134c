import { problem, problemResponse } from "../../http/problem.ts";
import type { ViewState } from "../../view/state.ts";
import type { ApiOptions } from "../api_options.ts";
import { accessUnknown, type ApiContext } from "../api_user.ts";
import { crossOrigin } from "../cross_origin.ts";
import { eventResponse, gatewayCloses, STREAM_TIMING, tooManyStreams } from "./event_stream.ts";
import { viewEvents, type WatchedViews } from "./view_events.ts";
import { requestUrlOf, resourceOf } from "../view_resource.ts";
import { sightByGet, sightOfLists } from "./watch_sight.ts";

/** Milliseconds between two batches of events: a change is told at once, those that follow it together. */
const FLUSH = 200;

/** Answers `GET /_api/views?watch`: the changes of the views that the list would have. */
export async function streamViews(
  c: ApiContext,
  options: ApiOptions,
  fits: (state: ViewState) => boolean = () => true,
): Promise<Response> {
  const { identity } = c.get("user");
  const ruling = await options.rights.may(identity, "list", undefined, c.req.raw.signal);
  if (ruling.kind === "unknown") return accessUnknown(ruling.detail);
  const sees = ruling.kind === "allowed" ? () => Promise.resolve(true) : sightOfLists(identity, options);
  return stream(c, options, {
    shows: (state, signal) => fits(state) ? sees(state, signal) : Promise.resolve(false),
    endsWhenGone: false,
  });
}

/** Answers `GET /_api/views/NAME?watch`: the view as it is, then its changes until it is gone. */
export function streamView(c: ApiContext, options: ApiOptions, { name }: ViewState): Response {
  const shows = sightByGet(c.get("user").identity, options);
  return stream(c, options, { shows, endsWhenGone: true }, name);
}

function stream(
  c: ApiContext,
  options: ApiOptions,
  watched: Pick<WatchedViews, "shows" | "endsWhenGone">,
  only?: string,
): Response {
  const { watches, views, closing } = options;
  const { user } = c.get("user").identity;
  // A page of another origin can read nothing of a stream, but would keep its place.
  const refused = crossOrigin(c.req.raw.headers);
  if (refused !== undefined) return problemResponse(problem(403, "cross-origin", refused));
  if (closing.aborted) return gatewayCloses();
  const full = watches.quota.acquire(user);
  if (full !== undefined) {
    const who = full.of === "one" ? `${user} already follows` : "All users together already follow";
    return tooManyStreams(`${who} views by ${full.limit} streams.`);
  }
  const url = requestUrlOf(c.req);
  const base = `${url.scheme} ${url.host}`;
  const pending = watches.open(only);
  if (only !== undefined) pending.changed(only, views.get(only));
  const source: WatchedViews = {
    ...watched,
    pending,
    current: (name) => views.get(name),
    changedEvent: (state) => watches.changedEvent(state, base, () => resourceOf(state, options, url)),
  };
  const timing = { ...STREAM_TIMING, flush: FLUSH, ...options.watchTiming };
  return eventResponse(c.req.raw, {
    events: (signal) => viewEvents(source, signal, timing),
    ...{ signal: closing, limit: timing.limit },
    onEnd: () => {
      watches.quota.release(user);
      watches.close(pending);
    },
  });
}
