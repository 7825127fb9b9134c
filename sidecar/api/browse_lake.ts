import type { LakeQuery } from "@view-gateway/types";
import { problem, problemResponse } from "../http/problem.ts";
import type { ApiOptions } from "./api_options.ts";
import type { ApiContext } from "./api_user.ts";
import { permission } from "./permission.ts";

/** Answers `GET /_api/lake`: what lies below a bucket and a prefix, as far as the person's grants allow. */
export async function browseLake(c: ApiContext, options: ApiOptions, _query: LakeQuery): Promise<Response> {
  const why = await permission(c, "create", undefined, options);
  if (why instanceof Response) return why;
  const detail = "This gateway has no lake: nobody has set LAKE_ROLE_ARN.";
  return problemResponse(problem(404, "no-lake", detail));
}
