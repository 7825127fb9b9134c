import type { ApiOptions } from "./api_options.ts";
import type { ApiContext } from "./api_user.ts";
import { permission } from "./permission.ts";
import { startRefusal } from "./start_refusal.ts";
import { unknownView } from "./unknown_view.ts";
import { requestUrlOf, resourceOf } from "./view_resource.ts";

/** Answers `POST /_api/views/NAME/restart`: replaces the view's Job. */
export async function restartView(c: ApiContext, options: ApiOptions): Promise<Response> {
  const { views, start, audit } = options;
  const state = views.get(c.req.param("name") ?? "");
  if (state === undefined) return unknownView(c);
  const why = await permission(c, "patch", state, options);
  if (why instanceof Response) return why;
  const refusal = startRefusal(state.name, await start(state));
  if (refusal !== undefined) return refusal;
  const { identity, by } = c.get("user");
  audit({ action: "changed", user: identity.user, view: state.name, verb: "restart", by, reason: why });
  return c.json(resourceOf(views.get(state.name) ?? state, options, requestUrlOf(c.req)), 202);
}
