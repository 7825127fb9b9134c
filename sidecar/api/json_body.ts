import type { Context } from "hono";
import { problem, problemResponse } from "../http/problem.ts";

/** The request's JSON, or the answer to a request without JSON. */
export async function jsonOf(
  c: Context,
  contentType: "application/json" | "application/merge-patch+json",
): Promise<{ readonly body: unknown } | Response> {
  const type = (c.req.header("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
  if (type !== contentType) {
    return problemResponse(problem(415, "not-json", `Send JSON, with Content-Type: ${contentType}.`));
  }
  try {
    return { body: JSON.parse(await c.req.text()) };
  } catch (error) {
    return problemResponse(problem(400, "not-json", `The body is not JSON: ${(error as Error).message}`));
  }
}
