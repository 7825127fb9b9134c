import { deepEqual, equal, match } from "node:assert/strict";
import { faultProxy, isWatch } from "../testing/fault_proxy.ts";
import { follow } from "../testing/following.ts";
import { clusterTest } from "../testing/namespace.ts";

clusterTest("after 410 in response to a watch it lists again and reports what it missed", async (namespace) => {
  let watches = 0;
  await using proxy = await faultProxy(namespace.load(), async (url, forward) => {
    if (!isWatch(url) || ++watches !== 2) return await forward(url);
    await namespace.deleteService("a");
    await namespace.createService("c");
    return Response.json({ kind: "Status", code: 410, reason: "Expired", message: "too old" }, { status: 410 });
  });
  await namespace.createService("a");
  await namespace.createService("b");
  await using following = await follow(namespace, proxy.load, { timing: { watch: 1_000 } });
  await following.until("it has caught up", () => following.objects.has("c"));
  deepEqual(following.changes, ["+a", "+b", "+c", "-a"]);
  equal(following.reflector.counters.lists, 2);
});

clusterTest("after the API server's own 410 in a watch event it lists again", async (namespace) => {
  let watches = 0;
  let answer = 0;
  await using proxy = await faultProxy(namespace.load(), async (url, forward) => {
    if (isWatch(url) && ++watches === 2) {
      url.searchParams.set("resourceVersion", "1");
      const response = await forward(url);
      answer = response.status;
      return response;
    }
    return await forward(url);
  });
  await using following = await follow(namespace, proxy.load, { timing: { watch: 1_000 } });
  await following.until("a second list", () => following.reflector.counters.lists === 2);
  equal(answer, 200);
  match(following.problems.join(), /too old resource version: 1 /);
  await namespace.createService("a");
  await following.until("the change is reported", () => following.objects.has("a"));
});

clusterTest("after lines that are no events it continues from the last event", async (namespace) => {
  let watches = 0;
  await using proxy = await faultProxy(namespace.load(), async (url, forward) => {
    if (!isWatch(url) || ++watches > 2) return await forward(url);
    return new Response("<html>Not a watch</html>\n");
  });
  await using following = await follow(namespace, proxy.load);
  await namespace.createService("a");
  await following.until("the change is reported", () => following.objects.has("a"));
  equal(following.reflector.counters.lists, 1);
});

clusterTest("after 429 and 5xx it retries with backoff until it succeeds", async (namespace) => {
  const statuses = [429, 500, 503, 504];
  const seen: string[] = [];
  await using proxy = await faultProxy(namespace.load(), async (url, forward) => {
    const status = statuses.shift();
    if (status === undefined) return await forward(url);
    seen.push(isWatch(url) ? "watch" : "list");
    return new Response("storage is (re)initializing", { status, headers: { "retry-after": "0" } });
  });
  await namespace.createService("a");
  await using following = await follow(namespace, proxy.load);
  await following.until("it has caught up", () => following.objects.has("a"));
  equal(seen.length, 4);
  equal(following.reflector.counters.failures, 4);
});

clusterTest("when the continue token of a list expires, the list starts again", async (namespace) => {
  let expired = false;
  await using proxy = await faultProxy(namespace.load(), async (url, forward) => {
    if (expired || !url.searchParams.has("continue")) return await forward(url);
    expired = true;
    return Response.json({ kind: "Status", code: 410, reason: "Expired", message: "continue is too old" }, {
      status: 410,
    });
  });
  for (const name of ["a", "b", "c"]) await namespace.createService(name);
  await using following = await follow(namespace, proxy.load, { pageSize: 2 });
  await following.until("it has caught up", () => following.objects.size === 3);
  deepEqual(following.changes, ["+a", "+b", "+c"]);
  equal(following.reflector.counters.lists, 2);
});

clusterTest(
  "after a restore of etcd its resourceVersion is from the future, and it lists again",
  async (namespace) => {
    let lists = 0;
    await using proxy = await faultProxy(namespace.load(), async (url, forward) => {
      const response = await forward(url);
      if (isWatch(url) || ++lists > 1) return response;
      const list = await response.json();
      list.metadata.resourceVersion = String(Number(list.metadata.resourceVersion) + 1e9);
      return Response.json(list);
    });
    await using following = await follow(namespace, proxy.load, { timing: { watch: 1_000 } });
    await namespace.createService("a");
    await following.until("it has caught up", () => following.objects.has("a"));
    equal(following.reflector.counters.lists, 2);
    match(following.problems.join(), /older than before/);
  },
);
