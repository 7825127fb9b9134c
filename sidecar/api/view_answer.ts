import type { ViewState } from "../view/state.ts";
import type { ApiOptions } from "./api_options.ts";
import type { ApiContext } from "./api_user.ts";
import { etagOf } from "./preconditions.ts";
import { requestUrlOf, resourceOf } from "./view_resource.ts";

/** The answer with a view, as lists show it. */
export function viewAnswer(c: ApiContext, view: ViewState, options: ApiOptions, status: 200 | 202 = 200): Response {
  c.header("ETag", etagOf(view.resourceVersion));
  return c.json(resourceOf(view, options, requestUrlOf(c.req)), status);
}
