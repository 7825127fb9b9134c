import { problem, problemResponse } from "../http/problem.ts";
import { serviceOf } from "../view/service.ts";
import type { ViewState } from "../view/state.ts";
import type { ApiOptions } from "./api_options.ts";
import { type ApiContext, ownerFor } from "./api_user.ts";
import { grantsRefusal } from "./grants_refusal.ts";
import { jsonOf } from "./json_body.ts";
import { kubernetesUnavailable } from "./kubernetes_unavailable.ts";
import { permission } from "./permission.ts";
import { validSpec } from "./valid_spec.ts";
import { untilSettled } from "./until_settled.ts";
import { newResource, requestUrlOf } from "./view_resource.ts";

/** Answers `POST /_api/views`: creates the view's Service. */
export async function createView(c: ApiContext, options: ApiOptions): Promise<Response> {
  const why = await permission(c, "create", undefined, options);
  if (why instanceof Response) return why;
  const parsed = await jsonOf(c, "application/json");
  if (parsed instanceof Response) return parsed;
  const valid = validSpec("CreateView", parsed.body, undefined, options);
  if (valid instanceof Response) return valid;
  const { name, ...spec } = valid.value;
  const { views, services, required, limit, audit } = options;
  if (views.size >= limit) {
    const detail = `Cannot create view ${name}: there are ${views.size} views, and the limit is ${limit}.`;
    return problemResponse(problem(403, "too-many-views", detail, { view: name }));
  }
  const beyond = grantsRefusal(c, { verb: "create", name, spec, before: [] }, options);
  if (beyond !== undefined) return beyond;
  const { identity, by } = c.get("user");
  const owner = ownerFor(identity);
  const created = await services.create(serviceOf({ name, spec, owner }, required), c.req.raw.signal);
  switch (created.kind) {
    case "exists": {
      const detail = `Cannot create view ${name}: ${whatHasTheName(views.get(name))}.`;
      return problemResponse(problem(409, "exists", detail, { view: name }));
    }
    case "refused": {
      const { reason, message } = created.cause;
      return problemResponse(
        problem(403, "refused", `Kubernetes refuses view ${name}: ${message}`, { view: name, reason }),
      );
    }
    case "unavailable":
      return kubernetesUnavailable(`View ${name} was not created: ${created.message}`);
    case "created":
      audit({ action: "created", user: identity.user, view: name, verb: "create", by, reason: why });
      await untilSettled(options, name, (state) => state?.uid === created.uid);
      c.header("Location", `/_api/views/${name}`);
      return c.json(
        newResource({ name, spec, owner, createdAt: created.createdAt }, options, requestUrlOf(c.req)),
        201,
      );
  }
}

/** What already has the name of a view to create. */
function whatHasTheName(view: ViewState | undefined): string {
  return view === undefined
    ? "a Service of that name exists that is no view, or is still being deleted: see its finalizers"
    : "there is a view of that name";
}
