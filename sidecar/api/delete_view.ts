import { problem, problemResponse } from "../http/problem.ts";
import type { ApiOptions } from "./api_options.ts";
import type { ApiContext } from "./api_user.ts";
import { kubernetesUnavailable } from "./kubernetes_unavailable.ts";
import { permission } from "./permission.ts";
import { preconditionRefusal } from "./preconditions.ts";
import { unknownView } from "./unknown_view.ts";
import { untilSettled } from "./until_settled.ts";

/** Answers `DELETE /_api/views/NAME`: deletes the view's Service. */
export async function deleteView(c: ApiContext, options: ApiOptions): Promise<Response> {
  const { views, services, audit } = options;
  const state = views.get(c.req.param("name") ?? "");
  if (state === undefined) return unknownView(c);
  const why = await permission(c, "delete", state, options);
  if (why instanceof Response) return why;
  const { name, uid } = state;
  const stale = preconditionRefusal(c, name, state);
  if (stale !== undefined) return stale;
  const version = c.req.header("if-match") === undefined ? undefined : state.resourceVersion;
  const deleted = await services.delete(name, uid, c.req.raw.signal, version);
  switch (deleted.kind) {
    case "gone":
      if (version === undefined) return unknownView(c);
      await untilSettled(options, name, (current) => current?.resourceVersion !== version);
      return preconditionRefusal(c, name, views.get(name)) ?? unknownView(c);
    case "refused": {
      const detail = `Kubernetes refuses to delete view ${name}: ${deleted.cause.message}`;
      return problemResponse(problem(403, "refused", detail, { view: name }));
    }
    case "unavailable":
      return kubernetesUnavailable(`View ${name} was not deleted: ${deleted.message}`);
    case "deleted": {
      const { identity, by } = c.get("user");
      audit({ action: "deleted", user: identity.user, view: name, verb: "delete", by, reason: why });
      await untilSettled(options, name, (current) => current?.uid !== uid);
      return c.body(null, 204);
    }
  }
}
