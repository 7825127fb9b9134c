import { deepEqual, equal } from "node:assert/strict";
import { validate } from "@view-gateway/types";
import { problem, problemResponse } from "./problem.ts";
import { importGraph } from "../testing/import_graph.ts";

Deno.test("a problem is what its schema says, and not to be kept", async () => {
  const response = problemResponse(problem(503, "busy", "Try again.", { view: "hello" }), 2);
  const { status, headers } = response;
  deepEqual([status, headers.get("content-type"), headers.get("cache-control"), headers.get("retry-after")], [
    503,
    "application/problem+json",
    "no-store",
    "2",
  ]);
  const body = await response.json();
  equal("value" in validate("Problem", body), true);
  deepEqual([body.type, body.title], ["urn:view-gateway:busy", "Service Unavailable"]);
});

/** A call that makes a problem, with its status. */
const ANSWER = /\b(?:(?:problem|refused|about|coded)\(\s*|fail\(c, )([1-5][0-9]{2}),/g;

Deno.test("each status that the sidecar answers with has a title", async () => {
  const root = new URL("..", import.meta.url);
  const untitled: string[] = [];
  let found = 0;
  for (const file of (await importGraph(root)).keys()) {
    const text = await Deno.readTextFile(new URL(file, root));
    for (const [, status] of text.matchAll(ANSWER)) {
      found++;
      if (problem(Number(status), "", "").title === "Error") untitled.push(`${file}: ${status}`);
    }
  }
  deepEqual(untitled, []);
  equal(found > 20, true);
});
