import { equal } from "node:assert/strict";
import { speaksS3 } from "./lake_headers.ts";

Deno.test("an S3 client is known by the headers that no browser sends", () => {
  const speaks = (...names: string[]) => speaksS3(new Map(names.map((name) => [name, "x"])));
  equal(speaks("accept", "amz-sdk-request"), true);
  equal(speaks("x-amz-content-sha256"), true);
  equal(speaks("accept", "range", "authorization", "x-forwarded-for"), false);
});
