import { deepEqual, equal } from "node:assert/strict";
import { speaksS3, superseded } from "./lake_headers.ts";

const wanted = (sent: Readonly<Record<string, string>>) => {
  const removed = new Set(superseded(new Map(Object.entries(sent))));
  return Object.keys(sent).filter((name) => !removed.has(name));
};

Deno.test("what stands beside a header that supersedes it is dropped, and stays where it stands alone", () => {
  deepEqual(wanted({ range: "bytes=0-1", "if-range": '"1"' }), ["if-range"]);
  deepEqual(wanted({ range: "bytes=0-1" }), ["range"]);
  deepEqual(wanted({ "if-none-match": '"1"', "if-modified-since": "date" }), ["if-none-match"]);
  deepEqual(wanted({ "if-modified-since": "date" }), ["if-modified-since"]);
  deepEqual(wanted({ "if-match": '"1"', "if-unmodified-since": "date" }), ["if-match"]);
  deepEqual(wanted({ "if-unmodified-since": "date" }), ["if-unmodified-since"]);
  // Neither of these supersedes the other.
  deepEqual(wanted({ "if-match": '"1"', "if-modified-since": "date" }), ["if-match", "if-modified-since"]);
});

Deno.test("an S3 client is known by the headers that no browser sends", () => {
  const speaks = (...names: string[]) => speaksS3(new Map(names.map((name) => [name, "x"])));
  equal(speaks("accept", "amz-sdk-request"), true);
  equal(speaks("x-amz-content-sha256"), true);
  equal(speaks("accept", "range", "authorization", "x-forwarded-for"), false);
});
