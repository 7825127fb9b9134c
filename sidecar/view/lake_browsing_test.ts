import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { Subset } from "@view-gateway/types";
import type { Grants } from "./grants.ts";
import { grantedSight } from "./lake_browsing.ts";
import { bucketsPolicy, listingPolicy } from "./session_policy.ts";

const alice = { user: "oidc:alice", groups: ["oidc:sales"], isKnown: true };
const bucket = "lake";

function sight(subsets: readonly Subset[], prefix?: string, of = bucket) {
  const grants: Grants = { kind: "bounded", grants: [{ users: [alice.user], subsets: [...subsets] }] };
  return grantedSight(grants, alice, prefix === undefined ? undefined : { bucket: of, prefix });
}

const granted: Subset[] = [
  { bucket, prefix: "sales/2025" },
  { bucket, prefix: "sales/2026/eu/", access: "readwrite" },
  { bucket, prefix: "reports" },
  { bucket: "whole" },
];

Deno.test("without a bucket, a person sees the buckets and prefixes of their grants", () => {
  deepEqual(sight(granted), {
    kind: "granted buckets",
    buckets: [
      { bucket, prefixes: ["reports/", "sales/2025/", "sales/2026/eu/"], access: "readwrite" },
      { bucket: "whole", access: "read" },
    ],
  });
  deepEqual(sight([]), { kind: "granted buckets", buckets: [] });
});

Deno.test("inside a grant all is listed, and above it only the way to it", () => {
  deepEqual(sight(granted, "sales/2025/"), { kind: "folder", access: "read" });
  deepEqual(sight(granted, "sales/2026/eu/x/"), { kind: "folder", access: "readwrite" });
  deepEqual(sight(granted, "a/", "whole"), { kind: "folder", access: "read" });
  deepEqual(sight(granted, ""), { kind: "way", prefixes: ["reports/", "sales/"] });
  deepEqual(sight(granted, "sales/"), { kind: "way", prefixes: ["sales/2025/", "sales/2026/"] });
  deepEqual(sight(granted, "sales/2026/"), { kind: "way", prefixes: ["sales/2026/eu/"] });
});

Deno.test("what only looks like a grant is beyond it, and the nearest grant is named", () => {
  for (const prefix of ["sales-secret/", "sal/", "Sales/", "sales/2024/", "reports2/", "*/", "sales*/"]) {
    const found = sight(granted, prefix);
    ok(found.kind === "beyond", prefix);
    match(found.detail, /^asks for read of lake\/.*, which is beyond your grants: your nearest grant is /);
  }
  equal(sight(granted, "", "other").kind, "beyond");
  const none = sight([], "sales/");
  match(none.kind === "beyond" ? none.detail : "", /you have no grants/);
});

Deno.test("grants that nobody has configured bound nothing, and broken ones let nobody look", () => {
  deepEqual(grantedSight({ kind: "unbounded" }, alice, undefined), { kind: "all buckets" });
  deepEqual(grantedSight({ kind: "unbounded" }, alice, { bucket, prefix: "" }), {
    kind: "folder",
    access: "readwrite",
  });
  const broken: Grants = { kind: "unusable", cause: "There is no ConfigMap." };
  deepEqual(grantedSight(broken, alice, { bucket, prefix: "" }), broken);
});

Deno.test("the policy of a listing names one prefix, and escapes what begins a variable", () => {
  const { Statement: [list, ...others] } = JSON.parse(listingPolicy({ bucket, prefix: "a*b/${aws:username}/ü/" }));
  deepEqual(others, []);
  deepEqual(list, {
    Effect: "Allow",
    Action: "s3:ListBucket",
    Resource: ["arn:aws:s3:::lake"],
    Condition: { StringEquals: { "s3:prefix": "a*b/${$}{aws:username}/ü/", "s3:delimiter": "/" } },
  });
  match(listingPolicy({ bucket, prefix: "ü/" }), /^[ -~]*$/);
  deepEqual(JSON.parse(bucketsPolicy()).Statement.map(({ Action }: { Action: string }) => Action), [
    "s3:ListAllMyBuckets",
  ]);
});
