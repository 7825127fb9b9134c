import { problem, problemResponse } from "../http/problem.ts";

/** The answer to a change of a view whose annotation is not valid: there is no spec to begin from. */
export function invalidSpec(view: string): Response {
  const detail = `View ${view} has no valid spec to change. Mend the annotation of its Service with kubectl.`;
  return problemResponse(problem(409, "invalid-spec", detail, { view }));
}
