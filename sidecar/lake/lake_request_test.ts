import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { Subset } from "@view-gateway/types";
import fc from "fast-check";
import { subsetProblems } from "../view/subset_problems.ts";
import { type LakeRequest, lakeRequest, type Read } from "./lake_request.ts";

const subsets: readonly Subset[] = [
  { bucket: "lake", prefix: "sales/" },
  { bucket: "lake", prefix: "hr/public", access: "readwrite" },
  { bucket: "open" },
];

const ask = (target: string, more: Partial<LakeRequest> = {}) =>
  lakeRequest({ method: "GET", target, hasBody: false, upgrade: false, ...more }, subsets);

const read = (target: string): Read => {
  const answer = ask(target);
  ok(answer.kind === "read", JSON.stringify(answer));
  return answer;
};

const status = (target: string, more: Partial<LakeRequest> = {}) => {
  const answer = ask(target, more);
  return answer.kind === "refused" ? answer.status : `read ${answer.path}`;
};

Deno.test("an object within a subset is read", () => {
  deepEqual(ask("/_lake/lake/sales/2026.parquet"), {
    kind: "read",
    method: "GET",
    bucket: "lake",
    key: "sales/2026.parquet",
    path: "/lake/sales/2026.parquet",
    query: {},
  });
});

Deno.test("a key is decoded once and encoded again", () => {
  const cases: Record<string, [key: string, path: string]> = {
    "/_lake/lake/sales/a%20b+c": ["sales/a b+c", "/lake/sales/a%20b%2Bc"],
    "/_lake/lake/sales%2Fa": ["sales/a", "/lake/sales/a"],
    "/_lake/lake/sales/100%25": ["sales/100%", "/lake/sales/100%25"],
    "/_lake/lake/sales/%252e%252e/x": ["sales/%2e%2e/x", "/lake/sales/%252e%252e/x"],
    "/_lake/lake/sales/%C3%A9%E6%97%A5%F0%9F%98%80": ["sales/é日😀", "/lake/sales/%C3%A9%E6%97%A5%F0%9F%98%80"],
    "/_lake/lake/sales/%3F%23&=;:!'()*~": ["sales/?#&=;:!'()*~", "/lake/sales/%3F%23%26%3D%3B%3A%21%27%28%29%2A~"],
  };
  for (const [target, [key, path]] of Object.entries(cases)) {
    deepEqual([read(target).key, read(target).path], [key, path], target);
  }
});

Deno.test("what is in no subset is refused", () => {
  for (
    const target of [
      "/_lake/lake/sales-secret/x",
      "/_lake/lake/sale",
      "/_lake/lake/sales-secret",
      "/_lake/lake/hr",
      "/_lake/lake/sales%2F",
      "/_lake/lake/hr/publicity/x",
      "/_lake/lake/hr/x",
      "/_lake/lake/Sales/x",
      "/_lake/other/sales/x",
      "/_lake/lake%2Fsales/x",
      "/_lake/LAKE/sales/x",
    ]
  ) equal(status(target), 403, target);
});

Deno.test("of a prefix without its slash the view has no object: clients look for one before they list", () => {
  for (const target of ["/_lake/lake/sales", "/_lake/lake/hr/public", "/_lake/lake/hr%2Fpublic"]) {
    for (const method of ["GET", "HEAD"]) {
      const answer = ask(target, { method });
      deepEqual(answer.kind === "refused" && [answer.type, answer.status], ["not-in-lake", 404], target);
    }
  }
  equal(status("/_lake/lake/sales?acl"), 403);
});

Deno.test("every way out of a prefix is refused", () => {
  const outs = [
    "../",
    "..%2f",
    "%2e%2e/",
    "%2e%2e%2f",
    ".%2E/",
    "./",
    "%2e/",
    "/",
    "%2f",
    "..%5c",
    "..\\",
    "%5c",
    "%00",
    "%0d%0a",
  ];
  for (const out of outs) {
    for (const target of [`/_lake/lake/sales/${out}hr/x`, `/_lake/lake/sales/x/${out}y`, `/_lake/open/${out}x`]) {
      equal(status(target), 403, target);
    }
    const listed = status(`/_lake/lake?list-type=2&prefix=sales/${out}hr/`);
    equal(listed, 403, out);
  }
  equal(status("/_lake/lake/sales/"), 403);
  equal(status("/_lake/lake/sales/.."), 403);
});

Deno.test("malformed escapes are bad requests", () => {
  for (const escape of ["%", "%2", "%zz", "%c0%ae%c0%ae", "%ed%a0%80", "%ff", "%u002e"]) {
    equal(status(`/_lake/lake/sales/${escape}`), 400, escape);
    equal(status(`/_lake/lake?list-type=2&prefix=sales/${escape}`), 400, escape);
  }
  for (const raw of ["é", " ", "#x", "\u0000", "\t"]) equal(status(`/_lake/lake/sales/${raw}`), 400, raw);
});

Deno.test("only GET and HEAD, without a body, are possible", () => {
  for (const method of ["PUT", "POST", "DELETE", "PATCH", "OPTIONS", "TRACE", "get"]) {
    equal(status("/_lake/lake/sales/x", { method }), 405, method);
  }
  equal(status("/_lake/lake/sales/x", { method: "HEAD" }), "read /lake/sales/x");
  equal(status("/_lake/lake/sales/x", { hasBody: true }), 400);
  equal(status("/_lake/lake/sales/x", { upgrade: true }), 400);
});

Deno.test("an object is read without parameters", () => {
  for (const query of ["acl", "versionId=1", "response-content-type=text/html", "X-Amz-Signature=x", "torrent"]) {
    equal(status(`/_lake/lake/sales/x?${query}`), 403, query);
  }
  equal(status("/_lake/lake/sales/x?"), "read /lake/sales/x");
});

Deno.test("what SDKs add by themselves changes nothing; with another value it is refused by name", () => {
  const named = (target: string, more: Partial<LakeRequest> = {}) => {
    const answer = ask(target, more);
    return answer.kind === "refused" ? /must not have the parameter (\S+)\.$/.exec(answer.detail)?.[1] : answer.query;
  };
  const head = { method: "HEAD" };
  deepEqual(named("/_lake/lake/sales/x?x-id=GetObject"), {});
  deepEqual(named("/_lake/lake/sales/x?x-id=HeadObject", head), {});
  const listed = { "list-type": "2", prefix: "sales/" };
  deepEqual(named("/_lake/lake?list-type=2&prefix=sales/&x-id=ListObjectsV2&fetch-owner=false"), listed);
  deepEqual(named("/_lake/lake?list-type=2&prefix=sales/&encoding-type=url"), { ...listed, "encoding-type": "url" });

  equal(named("/_lake/lake/sales/x?x-id=PutObject"), "x-id");
  equal(named("/_lake/lake/sales/x?x-id=GetObject", head), "x-id");
  equal(named("/_lake/lake/sales/x?x-id=ListObjectsV2"), "x-id");
  equal(named("/_lake/lake/sales/x?x-id=GetObject&acl"), "acl");
  equal(named("/_lake/lake/sales/x?fetch-owner=false"), "fetch-owner");
  equal(named("/_lake/lake/sales/x?partNumber=1"), "partNumber");
  equal(named("/_lake/lake/sales/x?constructor=1"), "constructor");
  equal(named("/_lake/lake?list-type=2&prefix=sales/&x-id=GetObject"), "x-id");
  equal(named("/_lake/lake?list-type=2&prefix=sales/&fetch-owner=true"), "fetch-owner");
  equal(status("/_lake/lake/sales/x?x-id=GetObject&x-id=GetObject"), 400);
});

Deno.test("keys are listed below a subset's prefix", () => {
  deepEqual(read("/_lake/lake?list-type=2&prefix=sales/20+6%2b&delimiter=%2F&max-keys=2"), {
    kind: "read",
    method: "GET",
    bucket: "lake",
    key: undefined,
    path: "/lake",
    query: { "list-type": "2", prefix: "sales/20 6+", delimiter: "/", "max-keys": "2" },
  });
  equal(read("/_lake/open/?list-type=2").path, "/open");
  for (
    const query of [
      "",
      "?prefix=sales/",
      "?list-type=1&prefix=sales/",
      "?list-type=2",
      "?list-type=2&prefix=",
      "?list-type=2&prefix=sales",
      "?list-type=2&prefix=sales-secret/",
      "?list-type=2&prefix=sales/&policy",
      "?list-type=2&prefix=sales/&versions",
      "?list-type=2&prefix=sales/&fetch-owner=true",
      "?list-type=2&Prefix=sales/",
    ]
  ) equal(status(`/_lake/lake${query}`), 403, query);
  const repeated = ask("/_lake/lake?list-type=2&prefix=sales/&prefix=hr/");
  deepEqual(repeated.kind === "refused" && [repeated.status, repeated.detail], [
    400,
    "The query has the parameter prefix more than once.",
  ]);
  equal(status("/_lake/lake?list-type=2&prefix=sales/", { method: "HEAD" }), 403);
  equal(status("/_lake/"), 404);
});

const piece = fc.constantFrom(
  ...[
    "sales",
    "hr",
    "public",
    "lake",
    "a",
    "/",
    "//",
    ".",
    "..",
    "%2e",
    "%2E%2e",
    "%2f",
    "%252f",
    "%5c",
    "\\",
    "%00",
    "+",
  ],
  ...["%20", "%C3%A9", "%c0%ae", "%", "?", "&", "prefix=", "list-type=2", "-secret", ";", "@", "~"],
);

Deno.test("given any target, what is sent is within a subset, in its normal form, and nothing is added", () => {
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 10 }),
      fc.constantFrom("lake/", "lake/sales/", "open/", ""),
      (parts, start) => {
        const answer = ask(`/_lake/${start}${parts.join("")}`);
        if (answer.kind === "refused") return;
        match(answer.path, /^\/[a-z]+(\/([A-Za-z0-9._~-]|%[0-9A-F]{2})+)*$/);
        // A parser that tidies paths finds nothing to tidy, before or after decoding.
        equal(new URL(answer.path, "http://s3").pathname, answer.path);
        const name = answer.key ?? answer.query.prefix ?? "";
        if (answer.key !== undefined) equal(decodeURIComponent(answer.path), `/${answer.bucket}/${name}`);
        ok(
          subsets.some(({ bucket, prefix = "" }) =>
            bucket === answer.bucket && name.startsWith(prefix === "" || prefix.endsWith("/") ? prefix : prefix + "/")
          ),
          name,
        );
      },
    ),
    { numRuns: 5_000 },
  );
});

Deno.test("given any prefix, a view may be made with it exactly if its keys can be listed and read", () => {
  const unit = fc.constantFrom(
    "sales",
    "a",
    "/",
    "//",
    ".",
    "..",
    "\\",
    "\0",
    "\n",
    "\u0085",
    "é",
    " ",
    "%2F",
    "*",
    "?",
    "#",
  );
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 6 }).map((units) => units.join("")), (prefix) => {
      const subsets: readonly Subset[] = [{ bucket: "lake", prefix }];
      const asked = (target: string) =>
        lakeRequest({ method: "GET", target, hasBody: false, upgrade: false }, subsets).kind;
      const below = prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/`;
      const kind = subsetProblems(subsets).length > 0 ? "refused" : "read";
      equal(asked(`/_lake/lake?list-type=2&prefix=${encodeURIComponent(below)}`), kind);
      equal(asked(`/_lake/lake/${below.split("/").map(encodeURIComponent).join("/")}key`), kind);
    }),
    { numRuns: 2_000 },
  );
});
