import { deepEqual } from "node:assert/strict";
import type { Subset } from "@view-gateway/types";
import { subsetOverlaps } from "./subset_overlaps.ts";
import { rowOf } from "./view_form.ts";

const overlaps = (...subsets: Subset[]) => subsetOverlaps(subsets.map(rowOf));

Deno.test("a row within another one is told, whichever comes first", () => {
  deepEqual(overlaps({ bucket: "lake", prefix: "sales/2024" }, { bucket: "lake", prefix: "sales/" }), [
    { other: 1, isSame: false },
    undefined,
  ]);
  deepEqual(overlaps({ bucket: "lake" }, { bucket: "lake", prefix: "sales/" }), [
    undefined,
    { other: 0, isSame: false },
  ]);
});

Deno.test("a row that may write more than the one around it is not needless", () => {
  deepEqual(overlaps({ bucket: "lake" }, { bucket: "lake", prefix: "sales/", access: "readwrite" }), [
    undefined,
    undefined,
  ]);
});

Deno.test("the second of two rows for one folder is the same as the first, whatever they may do", () => {
  deepEqual(overlaps({ bucket: "lake", prefix: "a" }, { bucket: "lake", prefix: "a/", access: "readwrite" }), [
    undefined,
    { other: 0, isSame: true },
  ]);
});

Deno.test("rows of other folders, and rows without a bucket, overlap with nothing", () => {
  deepEqual(
    overlaps({ bucket: "lake", prefix: "sales" }, { bucket: "lake", prefix: "sales-secret" }, { bucket: "" }, {
      bucket: "",
    }),
    [undefined, undefined, undefined, undefined],
  );
});
