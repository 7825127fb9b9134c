import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import { covers, scopeOf } from "../../view/session_policy.ts";
import { isWithin, placeIn, placeText, typedPlace } from "./lake_place.ts";

Deno.test("a place in the lake may be pasted whole", () => {
  deepEqual(placeIn("s3://lake/sales/2024/"), { bucket: "lake", prefix: "sales/2024/" });
  deepEqual(placeIn(" S3://lake "), { bucket: "lake", prefix: "" });
  deepEqual(placeIn("lake/sales"), { bucket: "lake", prefix: "sales" });
  equal(placeIn("lake"), undefined);
  equal(placeIn(""), undefined);
});

const anySubset = fc.record({
  bucket: fc.constantFrom("lake", "lake2"),
  prefix: fc.constantFrom("", "a/", "a/b/", "ab/"),
  access: fc.constantFrom<("read" | "readwrite")[]>("read", "readwrite"),
});

Deno.test("a subset is within another where the gateway's own policy says so", () => {
  fc.assert(fc.property(anySubset, anySubset, (part, whole) => {
    equal(isWithin(part, whole), covers(scopeOf(whole), scopeOf(part)));
  }));
});

Deno.test("a place that is shown is the place that is read", () => {
  fc.assert(fc.property(anySubset, ({ bucket, prefix }) => {
    deepEqual(placeIn(placeText({ bucket, prefix })), { bucket, prefix });
  }));
});

Deno.test("a place may be typed into the bucket's field alone", () => {
  deepEqual(typedPlace({ bucket: "s3://lake/sales", prefix: "" }), { bucket: "lake", prefix: "sales/" });
  deepEqual(typedPlace({ bucket: "s3://lake", prefix: "sales" }), { bucket: "lake", prefix: "sales/" });
  deepEqual(typedPlace({ bucket: " lake ", prefix: " sales " }), { bucket: "lake", prefix: "sales/" });
  deepEqual(typedPlace({ bucket: "lake", prefix: "" }), { bucket: "lake", prefix: "" });
});
