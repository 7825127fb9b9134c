import { deepEqual, equal, match } from "node:assert/strict";
import { faultProxy, isWatch } from "../testing/fault_proxy.ts";
import { follow, type Raw, viewServices } from "../testing/following.ts";
import { clusterTest } from "../testing/namespace.ts";
import type { Jsonify } from "./trim.ts";

clusterTest("it lists all pages and then reports each change", async (namespace) => {
  for (const name of ["a", "b", "c", "d", "e"]) await namespace.createService(name);
  await using following = await follow(namespace, namespace.load, { pageSize: 2 });
  deepEqual(following.changes, ["+a", "+b", "+c", "+d", "+e"]);
  await namespace.annotate("c", "changed");
  await namespace.deleteService("b");
  await namespace.createService("f");
  await following.until("all changes are reported", () => following.objects.has("f"));
  deepEqual(following.changes.slice(5), ["~c", "-b", "+f"]);
  match(JSON.stringify(following.objects.get("c")?.spec), /changed/);
  equal(following.reflector.counters.lists, 1);
  equal(following.reflector.size, 5);
});

clusterTest(
  "objects without the label are not reported, and one that loses the label is removed",
  async (namespace) => {
    await namespace.createService("other", { metadata: { name: "other" } });
    await namespace.createService("view");
    await using following = await follow(namespace, namespace.load);
    await namespace.call("PUT", "api/v1/services/view", {
      metadata: { name: "view" },
      spec: { clusterIP: "None", ports: [{ name: "http", port: 80 }] },
    });
    await following.until("it is gone", () => !following.objects.has("view"));
    deepEqual(following.changes, ["+view", "-view"]);
  },
);

clusterTest(
  "when the API server ends a healthy watch, the next one continues from there without a list",
  async (namespace) => {
    await using following = await follow(namespace, namespace.load, { timing: { watch: 1_000 } });
    await following.until("three watches", () => following.reflector.counters.watches >= 3);
    await namespace.createService("a");
    await following.until("the change is reported", () => following.objects.has("a"));
    equal(following.reflector.counters.lists, 1);
    deepEqual(following.problems, []);
  },
);

clusterTest(
  "a view that was deleted and created again between two watches is reported as removed and added",
  async (namespace) => {
    let watches = 0;
    let uid = "";
    await using proxy = await faultProxy(namespace.load(), async (url, forward) => {
      if (!isWatch(url) || ++watches !== 2) return await forward(url);
      await namespace.deleteService("a");
      uid = await namespace.createService("a");
      return new Response("", { status: 410 });
    });
    const before = await namespace.createService("a");
    await using following = await follow(namespace, proxy.load, { timing: { watch: 1_000 } });
    equal(following.objects.get("a")?.uid, before);
    await following.until("it has caught up", () => following.objects.get("a")?.uid === uid);
    deepEqual(following.changes, ["+a", "-a", "+a"]);
  },
);

clusterTest("an unreadable object affects no other", async (namespace) => {
  const trim = (raw: Jsonify<Raw>) => {
    if (raw.metadata?.name === "broken") throw new TypeError("It has no meaning.");
    return viewServices.trim(raw as Raw);
  };
  for (const name of ["a", "broken", "c"]) await namespace.createService(name);
  await using following = await follow(namespace, namespace.load, { resource: { ...viewServices, trim } });
  await namespace.annotate("broken", "still");
  await namespace.createService("d");
  await following.until("the others are reported", () => following.objects.has("d"));
  deepEqual(following.changes, ["+a", "+c", "+d"]);
  equal(following.reflector.counters.unreadable, 2);
  match(following.problems.join(), /Cannot read services\/broken/);
});
