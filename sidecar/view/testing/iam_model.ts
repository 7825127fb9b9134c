import { ok } from "node:assert/strict";
import type { Subset } from "@view-gateway/types";
import { sessionPolicy } from "../session_policy.ts";

/** The statements of these subsets' session policy. */
export const statementsOf = (subsets: readonly Subset[]): Statement[] => {
  const result = sessionPolicy(subsets);
  ok("policy" in result, JSON.stringify(result));
  return JSON.parse(result.policy).Statement;
};

export interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: { readonly StringLike: { readonly "s3:prefix": readonly string[] } };
}

/** What IAM does with a policy: wildcards, `${*}` and its like, and one condition. */
export function allows(statements: readonly Statement[], action: string, resource: string, prefix?: string): boolean {
  const applies = ({ Action, Resource, Condition }: Statement) =>
    [Action].flat().some((pattern) => like(pattern, action)) &&
    [Resource].flat().some((pattern) => like(pattern, `arn:aws:s3:::${resource}`)) &&
    (Condition === undefined ||
      prefix !== undefined && Condition.StringLike["s3:prefix"].some((pattern) => like(pattern, prefix)));
  const found = statements.filter(applies);
  return found.length > 0 && found.every(({ Effect }) => Effect === "Allow");
}

function like(pattern: string, text: string): boolean {
  const parts = pattern.match(/\$\{.\}|[\s\S]/gu) ?? [];
  const source = parts.map((part) => {
    if (part === "*") return "[\\s\\S]*";
    if (part === "?") return "[\\s\\S]";
    return (part.length > 1 && part.startsWith("${") ? part.slice(2, -1) : part)
      .replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  });
  return new RegExp(`^${source.join("")}$`, "u").test(text);
}
