import type { Context } from "hono";
import { problem, PROBLEM_CONTENT_TYPE } from "../http/problem.ts";

/** Answers a problem. */
export function fail(c: Context, ...said: Parameters<typeof problem>): Response {
  const value = problem(...said);
  return c.body(JSON.stringify(value) + "\n", value.status as 400, { "content-type": PROBLEM_CONTENT_TYPE });
}

/** A handler for all methods but those that a path has. */
export function notAllowed(...methods: readonly [string, ...string[]]): (c: Context) => Response {
  const last = methods.at(-1);
  const others = methods.slice(0, -1);
  const use = others.length === 0 ? last : `${others.join(", ")} or ${last}`;
  return (c) => {
    c.header("Allow", methods.join(", "));
    return fail(c, 405, "method-not-allowed", `${c.req.method} is not possible here. Use ${use}.`);
  };
}
