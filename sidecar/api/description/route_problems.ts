import type { ApiRoute } from "../api_route.ts";
import { type KindOfProblem, kindOfProblem, type ProblemKind } from "./problem_kinds.ts";

/** The problems that every route can answer with. */
const ALL: readonly ProblemKind[] = ["sign-in", "invalid-token", "access-unknown", "invalid-query", "internal"];

/** Also those of routes that change something. */
const CHANGES: readonly ProblemKind[] = ["cross-origin"];

/** Also those of routes with a body. */
const BODIES: readonly ProblemKind[] = ["not-json", "body-too-large", "invalid-view"];

/** A problem of a route, as the status that it has there. */
export interface DeclaredProblem extends KindOfProblem {
  readonly kind: ProblemKind;
  readonly status: number;
}

/** Each problem that a route can answer with, by status. */
export function problemsOf(
  { method, body, problems }: Pick<ApiRoute, "method" | "body" | "problems">,
): readonly DeclaredProblem[] {
  const kinds = [...ALL, ...method === "GET" ? [] : CHANGES, ...body ? BODIES : [], ...problems];
  return [...new Set(kinds)]
    .map((kind) => ({ kind, ...kindOfProblem(kind) }))
    .flatMap((known) => known.statuses.map((status) => ({ ...known, status })))
    .toSorted((a, b) => a.status - b.status || a.kind.localeCompare(b.kind));
}
