import type { ViewResource, WakeQuery } from "@view-gateway/types";
import type { ViewState } from "../view/state.ts";
import type { ApiOptions } from "./api_options.ts";
import { accessUnknown, type ApiContext } from "./api_user.ts";
import { permission } from "./permission.ts";
import { startRefusal } from "./start_refusal.ts";
import { etagOf } from "./preconditions.ts";
import { untilAwake } from "./until_awake.ts";
import { unknownView } from "./unknown_view.ts";
import { requestUrlOf, resourceOf } from "./view_resource.ts";

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

/** A user who may only open the view does not learn what it is made of. */
async function shown(c: ApiContext, state: ViewState, options: ApiOptions): Promise<Response> {
  const seen = await options.rights.may(c.get("user").identity, "get", state, c.req.raw.signal);
  if (seen.kind === "unknown") return accessUnknown(seen.detail);
  const resource = resourceOf(state, options, requestUrlOf(c.req));
  const { name, route, phase, createdAt } = resource;
  const answer: ViewResource = seen.kind === "allowed" ? resource : { name, route, phase, createdAt };
  c.header("ETag", etagOf(state.resourceVersion));
  return c.json(answer, phase === "awake" ? 200 : 202);
}
