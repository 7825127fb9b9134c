import { equal } from "node:assert/strict";
import { metric } from "./metric.ts";

Deno.test("a counter is found by its outcome, and is 0 before it has counted", () => {
  const page = `# HELP a_total What\na_total{outcome="failed"} 2\na_total{outcome="created"} 3\n`;
  equal(metric(page, "a_total", "created"), 3);
  equal(metric(page, "a_total", "joined"), 0);
  equal(metric(page, "b_total", "created"), 0);
});
