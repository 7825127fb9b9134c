import { deepEqual, equal } from "node:assert/strict";
import type { LakeFolder } from "@view-gateway/types";
import {
  failedSight,
  lakeCrumbs,
  lakePath,
  loadingSight,
  sightAfter,
  sightInWords,
  sizeInWords,
} from "./lake_sight.ts";

const sales = { bucket: "lake", prefix: "sales/" };
const object = (key: string) => ({ key, bytes: 1, modifiedAt: "2026-01-01T00:00:00Z" });
const folder = (change: Partial<LakeFolder> = {}): LakeFolder => ({
  ...sales,
  prefixes: [],
  objects: [],
  ...change,
});

Deno.test("buckets are entries that tell which part of them a person may use", () => {
  const sight = sightAfter(loadingSight(undefined, undefined, false), {
    value: {
      buckets: [
        { bucket: "lake", access: "read", prefixes: ["a/", "b/", "c/", "d/", "e/"] },
        { bucket: "open", access: "readwrite" },
      ],
    },
  });
  deepEqual(sight.contents?.entries, [
    { bucket: "lake", prefix: "", name: "lake", note: "you may use a/, b/, c/ and 2 more" },
    { bucket: "open", prefix: "", name: "open" },
  ]);
  equal(sightInWords(sight), "All buckets: 2 buckets.");
});

Deno.test("a folder has its folders by their own names, its objects without itself, and what a view may do with it", () => {
  const value = folder({ access: "read", prefixes: ["sales/2024/"], objects: [object("sales/"), object("sales/a")] });
  const sight = sightAfter(loadingSight(undefined, sales, false), { value });
  deepEqual(sight, {
    place: sales,
    isLoading: false,
    contents: {
      entries: [{ bucket: "lake", prefix: "sales/2024/", name: "2024/" }],
      objects: [object("sales/a")],
      access: "read",
    },
  });
  equal(sightInWords(sight), "lake/sales/: 1 folder and 1 object.");
});

Deno.test("one more page comes after what is there; another place begins anew", () => {
  const first = sightAfter(loadingSight(undefined, sales, false), {
    value: folder({ objects: [object("sales/a")], next: "/_api/lake?after=a" }),
  });
  equal(sightInWords(first), "lake/sales/: 1 object, and more.");
  const more = loadingSight(first, sales, true);
  deepEqual(more.contents, first.contents);
  const whole = sightAfter(more, { value: folder({ objects: [object("sales/b")] }) });
  deepEqual(whole.contents, { entries: [], objects: [object("sales/a"), object("sales/b")] });
  equal(loadingSight(whole, { bucket: "lake", prefix: "" }, false).contents, undefined);
});

Deno.test("what was read stays where the next page fails", () => {
  const first = sightAfter(loadingSight(undefined, sales, false), { value: folder({ next: "/_api/lake?after=a" }) });
  const problem = { type: "about:blank", title: "Bad Gateway", status: 502, detail: "S3 does not answer." };
  const failed = failedSight(loadingSight(first, sales, true), problem);
  deepEqual(failed, { ...first, problem });
});

Deno.test("the way to a place has each folder on it", () => {
  deepEqual(lakeCrumbs({ bucket: "lake", prefix: "sales/2024/" }), [
    { name: "All buckets", place: undefined },
    { name: "lake", place: { bucket: "lake", prefix: "" } },
    { name: "sales", place: { bucket: "lake", prefix: "sales/" } },
    { name: "2024", place: { bucket: "lake", prefix: "sales/2024/" } },
  ]);
  equal(lakeCrumbs(undefined).length, 1);
});

Deno.test("a place with odd characters is asked for as it is", () => {
  const query = new URL(lakePath({ bucket: "lake", prefix: "a b&c=ü/" }), "http://localhost").searchParams;
  deepEqual(Object.fromEntries(query), { bucket: "lake", prefix: "a b&c=ü/" });
  equal(lakePath(undefined), "/_api/lake");
});

Deno.test("a size is told in the unit that it fits", () => {
  deepEqual([0, 999, 1_000, 1_234_567, 123_456_789_000].map(sizeInWords), [
    "0 B",
    "999 B",
    "1.0 kB",
    "1.2 MB",
    "123 GB",
  ]);
});

Deno.test("an empty folder says that it has none", () => {
  equal(
    sightInWords(sightAfter(loadingSight(undefined, sales, false), { value: folder() })),
    "lake/sales/: no folder.",
  );
});
