import assert from "node:assert/strict";
import type { V1Job } from "@kubernetes/client-node";
import { readTemplate } from "../template.ts";

/** The Job of a valid workload template. */
export function jobIn(text: string): V1Job {
  const result = readTemplate(text, "of-the-test");
  assert.ok("template" in result, "invalid" in result ? result.invalid : "");
  return result.template.job;
}
