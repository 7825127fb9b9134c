import { deepEqual, equal } from "node:assert/strict";
import { ObjectCache } from "./object_cache.ts";

interface Thing {
  readonly name: string;
  readonly uid: string;
  readonly size?: number;
}

/** The cache, and what it reported: `view: before > after`, each as UID and size. */
function start() {
  const told: string[] = [];
  const show = (thing: Thing | undefined) => thing === undefined ? "-" : `${thing.uid}/${thing.size ?? ""}`;
  const cache = new ObjectCache<Thing>((view, before, after) => told.push(`${view}: ${show(before)} > ${show(after)}`));
  return {
    cache,
    put(name: string, resourceVersion: string, uid: string, size?: number, view = "hello") {
      cache.put(name, resourceVersion, { view, object: { name, uid, ...size !== undefined && { size } } });
    },
    get told() {
      return told.splice(0);
    },
  };
}

Deno.test("what comes, changes and goes is told", () => {
  const it = start();
  it.put("a", "1", "u1", 1);
  it.put("a", "2", "u1", 2);
  it.cache.remove("a");
  deepEqual(it.told, ["hello: - > u1/1", "hello: u1/1 > u1/2", "hello: u1/2 > -"]);
  equal(it.cache.size, 0);
});

Deno.test("what a second list shows unchanged is not told again", () => {
  const it = start();
  it.put("a", "1", "u1");
  it.put("a", "1", "u1");
  deepEqual(it.told, ["hello: - > u1/"]);
});

Deno.test("an object whose UID is another went and came, though nobody saw it", () => {
  const it = start();
  it.put("a", "1", "u1");
  it.put("a", "9", "u2");
  deepEqual(it.told, ["hello: - > u1/", "hello: u1/ > -", "hello: - > u2/"]);
  equal(it.cache.size, 1);
});

Deno.test("one whose UID is another counts even with an equal resourceVersion", () => {
  const it = start();
  it.put("a", "1", "u1");
  it.put("a", "1", "u2");
  deepEqual(it.told.slice(1), ["hello: u1/ > -", "hello: - > u2/"]);
});

Deno.test("an object that changes hands goes from one view and comes to the other", () => {
  const it = start();
  it.put("a", "1", "u1");
  it.put("a", "2", "u1", undefined, "other");
  deepEqual(it.told.slice(1), ["hello: u1/ > -", "other: - > u1/"]);
});

Deno.test("an object that is no view's any more is gone", () => {
  const it = start();
  it.put("a", "1", "u1");
  it.cache.put("a", "2", undefined);
  deepEqual(it.told.slice(1), ["hello: u1/ > -"]);
  it.cache.put("b", "2", undefined);
  it.cache.remove("c");
  deepEqual(it.told, []);
});

Deno.test("what a whole list does not show is gone", () => {
  const it = start();
  for (const name of ["a", "b", "c"]) it.put(name, "1", name);
  it.told;
  it.cache.retain(new Set(["b", "d"]));
  deepEqual(it.told.toSorted(), ["hello: a/ > -", "hello: c/ > -"]);
  equal(it.cache.size, 1);
});
