import { expect } from "vitest";
import type { Answer } from "./http.ts";

/** What RFC 9457 and types/src/Problem.type.js say an error is. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly reason?: string;
  readonly view?: string;
  readonly errors?: readonly {
    readonly pointer: string;
    readonly detail: string;
  }[];
}

/** Expects a problem of this status and kind, and answers it. */
export function problemOf(
  answer: Answer,
  status: number,
  kind: string,
): Problem {
  expect.soft(answer.status, answer.text).toBe(status);
  expect(answer.headers["content-type"]).toBe("application/problem+json");
  const problem: Problem = answer.json();
  expect(problem).toMatchObject({ type: `urn:view-gateway:${kind}`, status });
  expect(problem.detail).not.toBe("");
  return problem;
}
