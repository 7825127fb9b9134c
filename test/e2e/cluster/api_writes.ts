import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { environment } from "../environment.ts";
import { metric } from "../gateway/metrics.ts";

const VERBS = ["POST", "PUT", "PATCH", "DELETE"];
const RESOURCES = ["jobs", "pods", "secrets", "events"];

/** How many writes of views' objects the API server has taken so far, from everybody. */
export async function apiWrites(): Promise<number> {
  const { kubectl } = environment();
  const args = ["get", "--raw", "/metrics"];
  const { stdout } = await promisify(execFile)(kubectl, args, { timeout: 30_000, maxBuffer: 100_000_000 });
  const counts = VERBS.flatMap((verb) =>
    RESOURCES.map((resource) => metric(stdout, "apiserver_request_total", { verb, resource }))
  );
  return counts.reduce((sum, count) => sum + count, 0);
}
