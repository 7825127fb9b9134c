import { metric } from "../gateway/metrics.ts";
import { kubectlOutput } from "./kubectl_output.ts";

const VERBS = ["POST", "PUT", "PATCH", "DELETE"];
const RESOURCES = ["jobs", "pods", "secrets", "events"];

/** How many writes of views' objects the API server has taken so far, from everybody. */
export async function apiWrites(): Promise<number> {
  const text = await kubectlOutput(["get", "--raw", "/metrics"]);
  const counts = VERBS.flatMap((verb) =>
    RESOURCES.map((resource) => metric(text, "apiserver_request_total", { verb, resource }))
  );
  return counts.reduce((sum, count) => sum + count, 0);
}
