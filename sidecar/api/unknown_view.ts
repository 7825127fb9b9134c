import type { Context } from "hono";
import { problem, problemResponse } from "../http/problem.ts";

/** The answer to a request for a view that does not exist. */
export function unknownView(c: Context): Response {
  const name = c.req.param("name") ?? "";
  return problemResponse(problem(404, "unknown-view", `There is no view ${name}.`, { view: name }));
}
