import type { ViewResource } from "@view-gateway/types";
import type { ApiOptions } from "./api_options.ts";
import type { ApiContext } from "./api_user.ts";
import { etagOf } from "./if_match.ts";
import { permission } from "./permission.ts";
import { unknownView } from "./unknown_view.ts";
import { requestUrlOf, resourceOf } from "./view_resource.ts";

/** Answers `GET /_api/views/NAME`. */
export async function getView(c: ApiContext, options: ApiOptions): Promise<Response> {
  const { views, lake } = options;
  const state = views.get(c.req.param("name") ?? "");
  if (state === undefined) return unknownView(c);
  const why = await permission(c, "get", state, options);
  if (why instanceof Response) return why;
  const endAt = await lake?.credentialsEndAt(state, c.req.raw.signal);
  const resource: ViewResource = {
    ...resourceOf(state, options, requestUrlOf(c.req)),
    ...endAt !== undefined && { credentialsEndAt: new Date(endAt).toISOString() },
  };
  c.header("ETag", etagOf(state.resourceVersion));
  return c.json(resource);
}
