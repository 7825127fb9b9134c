import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { Grant, Subset } from "@view-gateway/types";
import fc from "fast-check";
import { parse as load } from "yaml";
import { asksForMore, beyondGrants, type Grants, grantsIn, noGrants } from "./grants.ts";
import { allows, statementsOf } from "./testing/iam_model.ts";

const alice = { user: "oidc:alice", groups: ["oidc:sales", "oidc:all"], isKnown: true };
const bucket = "lake";

/** The pointers of the subsets that Alice may not have. */
const beyond = (granted: readonly Subset[], wanted: readonly Subset[], before: readonly Subset[] = []) =>
  beyondGrants([{ users: [alice.user], subsets: [...granted] }], alice, wanted, before).map(({ pointer }) => pointer);

const read = (text: string): Grants => grantsIn("who-has-what", { "grants.yaml": text });
const causeOf = (grants: Grants) => grants.kind === "unusable" ? grants.cause : "";

Deno.test("a grant allows its subset and each part of it, to read or also to write", () => {
  const sales: Subset = { bucket, prefix: "sales/" };
  const writable: Subset = { ...sales, access: "readwrite" };
  deepEqual(beyond([sales], [sales, { bucket, prefix: "sales" }, { bucket, prefix: "sales/2025/" }]), []);
  deepEqual(beyond([sales], [{ ...sales, access: "read" }, writable]), ["/subsets/1"]);
  deepEqual(beyond([writable], [sales, writable, { ...writable, prefix: "sales/x" }]), []);
  deepEqual(beyond([{ bucket }], [sales, { bucket }, { bucket, prefix: "" }]), []);
  deepEqual(beyond([{ bucket, prefix: "" }], [{ ...sales, access: "readwrite" }]), ["/subsets/0"]);
});

Deno.test("what only looks like a granted prefix is beyond it", () => {
  const granted: Subset[] = [{ bucket, prefix: "sales" }];
  for (
    const prefix of [
      "sales-secret/",
      "sales-secret",
      "sale",
      "sale/",
      "Sales/",
      "",
      "sales*",
      "sales?/",
      "sal",
      "x/sales/",
    ]
  ) {
    deepEqual(beyond(granted, [{ bucket, prefix }]), ["/subsets/0"], prefix);
  }
  deepEqual(beyond(granted, [{ bucket }]), ["/subsets/0"]);
  deepEqual(beyond(granted, [{ bucket: "lake2", prefix: "sales/" }, { bucket: "lak", prefix: "sales/" }]), [
    "/subsets/0",
    "/subsets/1",
  ]);
  // What IAM takes for a pattern is a letter here.
  deepEqual(beyond([{ bucket, prefix: "*" }], [{ bucket, prefix: "sales/" }]), ["/subsets/0"]);
  deepEqual(beyond([{ bucket, prefix: "${aws:username}/" }], [{ bucket, prefix: "oidc:alice/" }]), ["/subsets/0"]);
});

Deno.test("grants for several parts of a bucket are none for all of it", () => {
  const parts = "abcdefghijklmnopqrstuvwxyz".split("").map((prefix): Subset => ({
    bucket,
    prefix,
    access: "readwrite",
  }));
  deepEqual(beyond(parts, [{ bucket }]), ["/subsets/0"]);
});

Deno.test("a grant is for its users, its groups, or all who are signed in", () => {
  const subsets: Subset[] = [{ bucket, prefix: "sales/" }];
  const has = (grant: Omit<Grant, "subsets">, person = alice) =>
    beyondGrants([{ ...grant, subsets }], person, subsets, []).length === 0;
  ok(has({ users: ["oidc:bob", "oidc:alice"] }));
  ok(has({ groups: ["oidc:sales"] }));
  ok(has({ everyone: true }));
  for (
    const grant of [{ users: ["oidc:sales"] }, { groups: ["oidc:alice"] }, { users: ["alice"] }, { everyone: false }]
  ) {
    ok(!has(grant), JSON.stringify(grant));
  }
  const nobody = { user: "system:anonymous", groups: ["system:unauthenticated"], isKnown: false };
  ok(!has({ everyone: true }, nobody));
  ok(has({ groups: ["system:unauthenticated"] }, nobody));
});

Deno.test("what a view has already needs no grant of who changes something else; what is more does", () => {
  const before: Subset[] = [{ bucket, prefix: "secret/" }, { bucket, prefix: "open/", access: "readwrite" }];
  const sales: Subset = { bucket, prefix: "sales/" };
  deepEqual(beyond([sales], [...before, sales], before), []);
  deepEqual(beyond([sales], [{ bucket, prefix: "secret/part/" }, { bucket, prefix: "open" }], before), []);
  deepEqual(beyond([sales], [{ bucket, prefix: "secret/", access: "readwrite" }, { bucket }], before), [
    "/subsets/0",
    "/subsets/1",
  ]);
  equal(asksForMore(before, before), false);
  equal(asksForMore([], before), false);
  equal(asksForMore([{ bucket }], before), true);
});

Deno.test("the nearest grant is told: of the same bucket, with the most in common", () => {
  const granted: Subset[] = [{ bucket: "other" }, { bucket }, { bucket, prefix: "a/b/" }].map((subset) => ({
    ...subset,
  }));
  const [problem] = beyondGrants([{ everyone: true, subsets: granted }], alice, [
    { bucket, prefix: "a/b/c/", access: "readwrite" },
  ], []);
  equal(
    problem?.detail,
    "asks for readwrite of lake/a/b/c/, which is beyond your grants: your nearest grant is read of lake/a/b/",
  );
  const others: Grant[] = [{ users: ["oidc:bob"], subsets: [{ bucket: "secret-bucket" }] }];
  const [none] = beyondGrants(others, alice, [{ bucket }], []);
  equal(none?.detail, "asks for read of all of bucket lake, which is beyond your grants: you have no grants");
});

const anyBucket = fc.constantFrom("lake", "lake2");
const prefix = fc.array(fc.constantFrom("a", "b", "ab", "a*", "?", "$"), { maxLength: 3 })
  .chain((segments) => fc.constantFrom("", "/").map((end) => segments.length === 0 ? "" : segments.join("/") + end));
const subset = fc.record({
  bucket: anyBucket,
  prefix,
  access: fc.constantFrom<("read" | "readwrite")[]>("read", "readwrite"),
});
const key = fc.string({ unit: fc.constantFrom("a", "b", "/", "*", "?", "$", "x"), maxLength: 8 });

Deno.test("what is within grants has a session policy that allows nothing beyond the grants' own", () => {
  const actions = fc.constantFrom("s3:GetObject", "s3:PutObject", "s3:DeleteObject");
  const some = fc.array(subset, { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(some, subset, anyBucket, key, actions, (granted, wanted, bucket, key, action) => {
      fc.pre(beyond(granted, [wanted]).length === 0);
      const object = `${bucket}/${key}`;
      if (allows(statementsOf([wanted]), action, object)) ok(allows(statementsOf(granted), action, object), object);
      if (allows(statementsOf([wanted]), "s3:ListBucket", bucket, key)) {
        ok(allows(statementsOf(granted), "s3:ListBucket", bucket, key), key);
      }
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("what is beyond grants has a session policy that allows something which the grants' own does not", () => {
  fc.assert(
    fc.property(fc.array(subset, { minLength: 1, maxLength: 3 }), subset, (granted, wanted) => {
      fc.pre(beyond(granted, [wanted]).length > 0);
      const directory = wanted.prefix === "" || wanted.prefix.endsWith("/") ? wanted.prefix : `${wanted.prefix}/`;
      const object = `${wanted.bucket}/${directory}object`;
      const action = wanted.access === "readwrite" ? "s3:PutObject" : "s3:GetObject";
      ok(allows(statementsOf([wanted]), action, object));
      ok(!allows(statementsOf(granted), action, object));
    }),
  );
});

Deno.test("grants are read from YAML", () => {
  deepEqual(
    read(`
# Sales may read and write their own.
grants:
  - groups: ["oidc:sales"]
    subsets: [{ bucket: lake, prefix: sales/, access: readwrite }]
  - everyone: true
    subsets:
      - bucket: open-data
`),
    {
      kind: "bounded",
      grants: [
        { groups: ["oidc:sales"], subsets: [{ bucket: "lake", prefix: "sales/", access: "readwrite" }] },
        { everyone: true, subsets: [{ bucket: "open-data" }] },
      ],
    },
  );
  deepEqual(read("grants: []"), { kind: "bounded", grants: [] });
});

Deno.test("one mistake makes all grants unusable, and each mistake is told with its place", () => {
  const cause = causeOf(read(`
grants:
  - users: [oidc:alice]
    subsets: [{ bucket: lake, prefix: a/../b }]
  - subsets: [{ bucket: lake }]
`));
  match(cause, /^The grants in ConfigMap who-has-what cannot be used: \/grants\/0\/subsets\/0\/prefix must not have/);
  match(cause, /\/grants\/1 is for nobody/);
  match(
    causeOf(read("grants:\n  - user: [a]")),
    /\/grants\/0\/subsets is missing; \/grants\/0\/user is not known: did you mean users\?/,
  );
  match(causeOf(read("grants: [")), /grants\.yaml is not YAML/);
  match(causeOf(read("grants: *none")), /grants\.yaml is not YAML/);
  match(causeOf(read("---\ngrants: []\n---\ngrants: []")), /several documents/);
  for (const text of ["", "7", "[]", "grants: null", "null"]) equal(read(text).kind, "unusable", text);
  match(causeOf(grantsIn("who-has-what", { "grants.yml": "grants: []" })), /it has no key grants\.yaml/);
  match(causeOf(grantsIn("who-has-what", undefined)), /There is no ConfigMap who-has-what/);
});

Deno.test("without a configured ConfigMap nothing is bounded; with one nothing is granted before it is read", () => {
  deepEqual(noGrants(""), { kind: "unbounded" });
  match(causeOf(noGrants("who-has-what")), /ConfigMap who-has-what of grants, or it could not be read yet/);
});

Deno.test("the example of grants can be used", async () => {
  const manifest = await Deno.readTextFile(new URL("../../example/grants.yaml", import.meta.url));
  const grants = grantsIn("view-gateway-grants", load(manifest).data);
  equal(grants.kind, "bounded", causeOf(grants));
});
