import type { View } from "@view-gateway/types";
import { problem, problemResponse } from "../http/problem.ts";
import { serviceOf } from "../view/service.ts";
import type { ApiOptions } from "./api_options.ts";
import { type ApiContext, ownerFor } from "./api_user.ts";
import { grantsRefusal } from "./grants_refusal.ts";
import { kubernetesUnavailable } from "./kubernetes_unavailable.ts";
import type { Permission } from "./permission.ts";
import { etagOf } from "./preconditions.ts";
import { untilSettled } from "./until_settled.ts";
import { newResource, requestUrlOf } from "./view_resource.ts";

/** Creates a view's Service, and answers with the view. `exists`: something has its name. */
export async function createService(
  c: ApiContext,
  { name, spec, why }: { readonly name: string; readonly spec: View; readonly why: Permission },
  options: ApiOptions,
): Promise<Response | "exists"> {
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
    case "exists":
      return "exists";
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
      c.header("ETag", etagOf(created.resourceVersion));
      c.header("Location", `/_api/views/${name}`);
      return c.json(
        newResource({ name, spec, owner, createdAt: created.createdAt }, options, requestUrlOf(c.req)),
        201,
      );
  }
}

/** The answer where something already has the name of a view to create. */
export function nameExists(name: string, { views }: Pick<ApiOptions, "views">): Response {
  const what = views.get(name) === undefined
    ? "a Service of that name exists that is no view, or is still being deleted: see its finalizers"
    : "there is a view of that name";
  return problemResponse(problem(409, "exists", `Cannot create view ${name}: ${what}.`, { view: name }));
}
