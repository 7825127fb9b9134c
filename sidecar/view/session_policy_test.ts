import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { Subset } from "@view-gateway/types";
import fc from "fast-check";
import { directoryOf, POLICY_LIMIT, scopesOf, sessionPolicy } from "./session_policy.ts";
import { allows, statementsOf } from "./testing/iam_model.ts";

Deno.test("a readable subset allows its objects, directory, listing and bucket location, and nothing else", () => {
  deepEqual(statementsOf([{ bucket: "lake", prefix: "sales" }]), [
    { Effect: "Allow", Action: "s3:GetObject", Resource: ["arn:aws:s3:::lake/sales/*", "arn:aws:s3:::lake/sales"] },
    { Effect: "Allow", Action: "s3:GetBucketLocation", Resource: ["arn:aws:s3:::lake"] },
    {
      Effect: "Allow",
      Action: "s3:ListBucket",
      Resource: ["arn:aws:s3:::lake"],
      Condition: { StringLike: { "s3:prefix": ["sales/*"] } },
    },
  ]);
});

Deno.test("a writable subset adds uploads and deletions", () => {
  const [read, write] = statementsOf([{ bucket: "lake", prefix: "sales/", access: "readwrite" }]);
  deepEqual(read?.Resource, ["arn:aws:s3:::lake/sales/*", "arn:aws:s3:::lake/sales"]);
  deepEqual(write, {
    Effect: "Allow",
    Action: ["s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
    Resource: ["arn:aws:s3:::lake/sales/*"],
  });
});

Deno.test("without subsets the policy is a Deny: without a policy the credentials would allow all of the role", () => {
  deepEqual(statementsOf([]), [{ Effect: "Deny", Action: "s3:*", Resource: "*" }]);
});

Deno.test("a whole bucket may be listed without a prefix", () => {
  const statements = statementsOf([{ bucket: "lake" }]);
  ok(allows(statements, "s3:ListBucket", "lake"));
  ok(allows(statements, "s3:GetObject", "lake/any/where"));
});

Deno.test("wildcards and variables in a prefix are literal", () => {
  const [read] = statementsOf([{ bucket: "lake", prefix: "a*b?c${aws:username}" }]);
  deepEqual(read?.Resource, [
    "arn:aws:s3:::lake/a${*}b${?}c${$}{aws:username}/*",
    "arn:aws:s3:::lake/a${*}b${?}c${$}{aws:username}",
  ]);
});

Deno.test("a covered subset is left out, and equal subsets have an equal policy", () => {
  const sales: Subset = { bucket: "lake", prefix: "sales/" };
  const all = [sales, { bucket: "lake", prefix: "sales" }, { bucket: "lake", prefix: "sales/2026/" }];
  deepEqual(sessionPolicy(all), sessionPolicy([sales]));
  deepEqual(sessionPolicy(all.toReversed()), sessionPolicy(all));
  const write: Subset = { bucket: "lake", prefix: "sales/2026/", access: "readwrite" };
  deepEqual(scopesOf([sales, write]).map(({ prefix, write }) => [prefix, write]), [
    ["sales/", false],
    ["sales/2026/", true],
  ]);
  deepEqual(scopesOf([write, { ...write, access: "read" }]), scopesOf([write]));
});

Deno.test("a prefix that a policy cannot express is refused with its pointer", () => {
  const problems = (...prefixes: string[]) => {
    const result = sessionPolicy(prefixes.map((prefix) => ({ bucket: "lake", prefix })));
    return "problems" in result ? result.problems : [];
  };
  deepEqual(problems("good", "tab\t").map(({ pointer }) => pointer), ["/1/prefix"]);
  match(problems("a\u0085")[0]!.detail, /a control character/);
  match(problems("\ud800")[0]!.detail, /well-formed/);
  match(problems("sales/../secret")[0]!.detail, /an empty segment/);
  match(problems("é".repeat(600))[0]!.detail, /1024 bytes/);
  deepEqual(problems("..sales/...", "a..b"), []);
});

Deno.test("a policy that is too long is refused with its length", () => {
  const subsets = Array.from({ length: 64 }, (_, i) => ({ bucket: "lake", prefix: `department-${i}/reports/` }));
  const result = sessionPolicy(subsets);
  ok("problems" in result);
  const [, length] = /session policy of (\d+) characters, and STS accepts 2048/.exec(result.problems[0]!.detail) ?? [];
  ok(Number(length) > POLICY_LIMIT, result.problems[0]!.detail);
});

Deno.test("a policy that is too long with the directories leaves them out and keeps every subset", () => {
  const subsets = (count: number) =>
    Array.from({ length: count }, (_, i) => ({ bucket: "lake", prefix: `d-${i + 10}/` }));
  const resources = (count: number) => [statementsOf(subsets(count))[0]!.Resource].flat();
  equal(resources(25).length, 50);
  equal(resources(35).length, 35);
  ok(resources(35).every((resource) => resource.endsWith("/*")));
});

const unit = fc.constantFrom(
  ...["*", "?", "$", "{", "}", "${", "${*}", "${aws:username}", "/", "//", "%2F", "%2e%2e", "\\", '"', "'", "<", "&"],
  ...["a", "b", "sales", "sales-secret", " ", "+", "é", "e\u0301", "日", "😀", "\u2028", "\u202e", ".", ".."],
);
const name = fc.array(unit, { maxLength: 6 }).map((units) => units.join(""));
const subset: fc.Arbitrary<Subset> = fc.record({
  bucket: fc.constantFrom("lake", "lake-2"),
  prefix: name,
  access: fc.constantFrom("read", "readwrite"),
});

Deno.test("for any names the policy allows exactly the subsets", () => {
  fc.assert(
    fc.property(fc.array(subset, { maxLength: 4 }), fc.constantFrom("lake", "lake-2"), name, (subsets, bucket, key) => {
      const result = sessionPolicy(subsets);
      fc.pre("policy" in result);
      ok(result.policy.length <= POLICY_LIMIT);
      match(result.policy, /^[\u0020-\u007e]*$/);
      const statements = statementsOf(subsets);
      const within = (writing: boolean) =>
        subsets.some(({ bucket: b, prefix = "", access }) =>
          b === bucket && (!writing || access === "readwrite") &&
          (prefix === "" || key.startsWith(prefix.endsWith("/") ? prefix : prefix + "/"))
        );
      const directory = scopesOf(subsets).some((scope) => scope.bucket === bucket && key === directoryOf(scope));
      equal(allows(statements, "s3:GetObject", `${bucket}/${key}`), within(false) || directory);
      equal(allows(statements, "s3:PutObject", `${bucket}/${key}`), within(true));
      equal(allows(statements, "s3:ListBucket", bucket, key), within(false));
      equal(allows(statements, "s3:ListAllMyBuckets", "*"), false);
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("for any names a subset contains its keys, and not others that only start alike", () => {
  fc.assert(
    fc.property(name.filter((prefix) => prefix !== "" && !prefix.endsWith("/")), name, (prefix, rest) => {
      fc.pre("policy" in sessionPolicy([{ bucket: "lake", prefix }]));
      const statements = statementsOf([{ bucket: "lake", prefix }]);
      ok(allows(statements, "s3:GetObject", `lake/${prefix}/${rest}`));
      ok(!allows(statements, "s3:GetObject", `lake/${prefix}-secret/${rest}`));
      ok(!allows(statements, "s3:GetObject", `lake/${prefix}-secret`));
      ok(!allows(statements, "s3:PutObject", `lake/${prefix}`));
      ok(!allows(statements, "s3:ListBucket", "lake", prefix));
      ok(!allows(statements, "s3:ListBucket", "lake"));
    }),
  );
});
