import type { ViewResource } from "../client/api_client.ts";
import { SALES } from "../gateway/lake.ts";
import type { Spec } from "../gateway/view.ts";

/** Somebody whom views are shared with. */
export const READER = "somebody@example.com";

/** Views that together have all that the former release's API can give them. */
export const KINDS: readonly Spec[] = [
  {
    ...{ subsets: SALES, idleSeconds: 600, maxLifetimeSeconds: 3_600 },
    access: { users: [READER], groups: ["somebodies"], everyone: true },
  },
  { public: true },
];

/** An object of the lake that a view with the subset `SALES` can read. */
export const LAKE_PATH = "/_lake/lake/sales/2026/orders-2026-01.parquet";

const STABLE = [
  ...["name", "subsets", "template", "idleSeconds", "maxLifetimeSeconds", "access", "public"],
  ...["owner", "route", "effective", "createdAt"],
] as readonly (keyof ViewResource)[];

/** What the API tells of a view that does not change by itself. */
export function stableOf(resource: ViewResource): string {
  return JSON.stringify(STABLE.map((member) => resource[member]));
}
