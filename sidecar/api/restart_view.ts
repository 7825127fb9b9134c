import type { WakeQuery } from "@view-gateway/types";
import type { ApiOptions } from "./api_options.ts";
import type { ApiContext } from "./api_user.ts";
import { permission } from "./permission.ts";
import { startRefusal } from "./start_refusal.ts";
import { unknownView } from "./unknown_view.ts";
import { viewAnswer } from "./view_answer.ts";
import { untilAwake } from "./until_awake.ts";

/** Answers `POST /_api/views/NAME/restart`: replaces the view's Job, and waits until the next one is awake. */
export async function restartView(c: ApiContext, options: ApiOptions, { wait }: WakeQuery): Promise<Response> {
  const { views, start, audit } = options;
  const state = views.get(c.req.param("name") ?? "");
  if (state === undefined) return unknownView(c);
  const why = await permission(c, "patch", state, options);
  if (why instanceof Response) return why;
  const refusal = startRefusal(state.name, await start(state));
  if (refusal !== undefined) return refusal;
  const { identity, by } = c.get("user");
  audit({ action: "changed", user: identity.user, view: state.name, verb: "restart", by, reason: why });
  const former = state.phase.kind === "asleep" ? undefined : state.phase.job;
  const failure = wait === 0 ? undefined : await untilAwake(state, wait * 1000, c.req.raw.signal, options, former);
  if (failure !== undefined) return failure;
  const after = views.get(state.name);
  if (wait === 0) return viewAnswer(c, after ?? state, options, 202);
  if (after === undefined || after.uid !== state.uid) return unknownView(c);
  const isAwake = after.phase.kind === "awake" && after.phase.job !== former;
  return viewAnswer(c, after, options, isAwake ? 200 : 202);
}
