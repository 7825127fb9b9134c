import { problem, problemResponse } from "../http/problem.ts";

/** The answer where Kubernetes cannot do a write now. */
export function kubernetesUnavailable(detail: string): Response {
  return problemResponse(problem(503, "kubernetes-unavailable", detail), 2);
}
