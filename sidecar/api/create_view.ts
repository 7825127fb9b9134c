import type { ApiOptions } from "./api_options.ts";
import type { ApiContext } from "./api_user.ts";
import { createService, nameExists } from "./create_service.ts";
import { jsonOf } from "./json_body.ts";
import { permission } from "./permission.ts";
import { validSpec } from "./valid_spec.ts";

/** Answers `POST /_api/views`: creates the view's Service. */
export async function createView(c: ApiContext, options: ApiOptions): Promise<Response> {
  const why = await permission(c, "create", undefined, options);
  if (why instanceof Response) return why;
  const parsed = await jsonOf(c, "application/json");
  if (parsed instanceof Response) return parsed;
  const valid = validSpec("CreateView", parsed.body, undefined, options);
  if (valid instanceof Response) return valid;
  const { name, ...spec } = valid.value;
  const created = await createService(c, { name, spec, why }, options);
  return created === "exists" ? nameExists(name, options) : created;
}
