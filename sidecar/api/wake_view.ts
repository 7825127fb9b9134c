import type { ViewResource, WakeQuery } from "@view-gateway/types";
import { Deadline } from "../async/deadline.ts";
import { problem, problemResponse } from "../http/problem.ts";
import type { ViewState } from "../view/state.ts";
import type { ApiOptions } from "./api_options.ts";
import { accessUnknown, type ApiContext } from "./api_user.ts";
import { permission } from "./permission.ts";
import { startRefusal, viewFailed } from "./start_refusal.ts";
import { unknownView } from "./unknown_view.ts";
import { requestUrlOf, resourceOf } from "./view_resource.ts";

/** How often one request launches a view that falls asleep again before it is awake. */
const LAUNCHES = 3;

/** Answers `POST /_api/views/NAME/wake`: launches a view that is asleep, and waits until it is awake. */
export async function wakeView(c: ApiContext, options: ApiOptions, { wait }: WakeQuery): Promise<Response> {
  const { views, audit } = options;
  const state = views.get(c.req.param("name") ?? "");
  if (state === undefined) return unknownView(c);
  const why = await permission(c, "open", state, options);
  if (why instanceof Response) return why;
  if (!isUnderWay(state)) {
    const refusal = startRefusal(state.name, await options.start(state));
    if (refusal !== undefined) return refusal;
    const { identity, by } = c.get("user");
    audit({ action: "opened", user: identity.user, view: state.name, verb: "wake", by, reason: why });
  }
  const refusal = wait === 0 ? undefined : await untilAwake(state, wait * 1000, c.req.raw.signal, options);
  if (refusal !== undefined) return refusal;
  const after = views.get(state.name);
  return after === undefined || after.uid !== state.uid ? unknownView(c) : await shown(c, after, options);
}

function isUnderWay({ phase }: ViewState): boolean {
  return phase.kind === "awake" || phase.kind === "starting";
}

/** Waits until the view is awake, or the time is over. Returns the answer where it fails. */
async function untilAwake(
  { name, uid }: ViewState,
  milliseconds: number,
  client: AbortSignal,
  { views, start, awaitStart, closing }: ApiOptions,
): Promise<Response | undefined> {
  const awaited = awaitStart(name);
  if ("limit" in awaited) {
    const whose = awaited.of === "view" ? `view ${name}` : "all views";
    const detail = `${awaited.limit} requests and pages already follow the starts of ${whose}. Ask without wait.`;
    return problemResponse(problem(503, "too-many-streams", detail, { view: name }), 5);
  }
  using limit = new Deadline([client, closing], milliseconds);
  try {
    for (let launches = 1;; launches++) {
      const isOver = (state: ViewState | undefined) => state?.uid !== uid || state.phase.kind !== "starting";
      const state = await views.until(name, isOver, limit.signal);
      if (state?.uid !== uid || state.phase.kind === "awake") return undefined;
      if (state.phase.kind === "failed") return viewFailed(name, state.phase.cause);
      if (launches === LAUNCHES) {
        return viewFailed(name, { reason: "Ended", message: `It ended ${launches} times before it was awake.` });
      }
      const refusal = startRefusal(name, await start(state));
      if (refusal !== undefined) return refusal;
    }
  } catch (error) {
    if (limit.signal.aborted) return undefined;
    throw error;
  } finally {
    awaited.release();
  }
}

/** A user who may only open the view does not learn what it is made of. */
async function shown(c: ApiContext, state: ViewState, options: ApiOptions): Promise<Response> {
  const seen = await options.rights.may(c.get("user").identity, "get", state, c.req.raw.signal);
  if (seen.kind === "unknown") return accessUnknown(seen.detail);
  const resource = resourceOf(state, options, requestUrlOf(c.req));
  const { name, route, phase, createdAt } = resource;
  const answer: ViewResource = seen.kind === "allowed" ? resource : { name, route, phase, createdAt };
  return c.json(answer, phase === "awake" ? 200 : 202);
}
