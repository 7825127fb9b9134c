import { deepEqual, equal } from "node:assert/strict";
import { ObjectCache } from "./object_cache.ts";

interface Thing {
  readonly name: string;
  readonly uid: string;
  readonly size?: number;
}

/** The cache, and what it reported: `view: before > after`, each as UID and size. */
function start() {
  const reported: string[] = [];
  const show = (thing: Thing | undefined) => thing === undefined ? "-" : `${thing.uid}/${thing.size ?? ""}`;
  const cache = new ObjectCache<Thing>((view, before, after) =>
    reported.push(`${view}: ${show(before)} > ${show(after)}`)
  );
  return {
    cache,
    put(name: string, resourceVersion: string, uid: string, size?: number, view = "hello") {
      cache.put(name, resourceVersion, { view, object: { name, uid, ...size !== undefined && { size } } });
    },
    get reported() {
      return reported.splice(0);
    },
  };
}

Deno.test("additions, changes and deletions are reported", () => {
  const it = start();
  it.put("a", "1", "u1", 1);
  it.put("a", "2", "u1", 2);
  it.cache.remove("a");
  deepEqual(it.reported, ["hello: - > u1/1", "hello: u1/1 > u1/2", "hello: u1/2 > -"]);
  equal(it.cache.size, 0);
});

Deno.test("an unchanged object in a second list is not reported again", () => {
  const it = start();
  it.put("a", "1", "u1");
  it.put("a", "1", "u1");
  deepEqual(it.reported, ["hello: - > u1/"]);
});

Deno.test("an object with another UID is reported as a deletion and an addition", () => {
  const it = start();
  it.put("a", "1", "u1");
  it.put("a", "9", "u2");
  deepEqual(it.reported, ["hello: - > u1/", "hello: u1/ > -", "hello: - > u2/"]);
  equal(it.cache.size, 1);
});

Deno.test("another UID counts even with an equal resourceVersion", () => {
  const it = start();
  it.put("a", "1", "u1");
  it.put("a", "1", "u2");
  deepEqual(it.reported.slice(1), ["hello: u1/ > -", "hello: - > u2/"]);
});

Deno.test("an object that moves to another view is deleted from the first and added to the second", () => {
  const it = start();
  it.put("a", "1", "u1");
  it.put("a", "2", "u1", undefined, "other");
  deepEqual(it.reported.slice(1), ["hello: u1/ > -", "other: - > u1/"]);
});

Deno.test("an object that no longer belongs to a view is removed", () => {
  const it = start();
  it.put("a", "1", "u1");
  it.cache.put("a", "2", undefined);
  deepEqual(it.reported.slice(1), ["hello: u1/ > -"]);
  it.cache.put("b", "2", undefined);
  it.cache.remove("c");
  deepEqual(it.reported, []);
});

Deno.test("an object that a complete list does not contain is removed", () => {
  const it = start();
  for (const name of ["a", "b", "c"]) it.put(name, "1", name);
  it.reported;
  it.cache.retain(new Set(["b", "d"]));
  deepEqual(it.reported.toSorted(), ["hello: a/ > -", "hello: c/ > -"]);
  equal(it.cache.size, 1);
});
