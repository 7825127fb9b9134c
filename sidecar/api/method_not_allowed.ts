import type { Context } from "hono";
import { problem, problemResponse } from "../http/problem.ts";

/** A handler for all methods that a path does not have. */
export function methodNotAllowed(...methods: readonly [string, ...string[]]): (c: Context) => Response {
  const last = methods.at(-1);
  const others = methods.slice(0, -1);
  const allowed = others.length === 0 ? last : `${others.join(", ")} or ${last}`;
  return (c) => {
    const detail = `${c.req.method} is not possible here. Use ${allowed}.`;
    const response = problemResponse(problem(405, "method-not-allowed", detail));
    response.headers.set("Allow", methods.join(", "));
    return response;
  };
}
