import { deepEqual, equal } from "node:assert/strict";
import { CLUSTER, cluster, ENDPOINTS, endpoints } from "../proto/resource.ts";
import { apply, EMPTY_SET, resourcesOf } from "./resource_set.ts";

const a = cluster({ name: "a" });
const id = { type: CLUSTER, name: "a" } as const;

Deno.test("what is set differs once: equal content is the same resource", () => {
  const first = apply(EMPTY_SET, { set: [a], removed: [] });
  deepEqual(first.changed, [id]);
  const second = apply(first.set, { set: [cluster({ name: "a" })], removed: [] });
  deepEqual(second.changed, []);
  equal(second.set, first.set);
});

Deno.test("what is removed twice, or never was, does not differ", () => {
  const { set } = apply(EMPTY_SET, { set: [a], removed: [] });
  const gone = apply(set, { set: [], removed: [id, id, { type: CLUSTER, name: "b" }] });
  deepEqual(gone.changed, [id]);
  equal(resourcesOf(gone.set, CLUSTER).size, 0);
});

Deno.test("one name may be a resource of each type", () => {
  const { set } = apply(EMPTY_SET, { set: [a, endpoints({ clusterName: "a" })], removed: [] });
  const { set: left, changed } = apply(set, { set: [], removed: [id] });
  deepEqual(changed, [id]);
  deepEqual([...resourcesOf(left, ENDPOINTS).keys()], ["a"]);
});

Deno.test("a set never changes: whoever holds it sees what it was", () => {
  const { set } = apply(EMPTY_SET, { set: [a], removed: [] });
  apply(set, { set: [cluster({ name: "a", altStatName: "x" })], removed: [] });
  apply(set, { set: [], removed: [id] });
  equal(resourcesOf(set, CLUSTER).get("a"), a);
});
