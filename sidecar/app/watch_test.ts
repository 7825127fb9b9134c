import { deepEqual, equal } from "node:assert/strict";
import { EventReader } from "../api/stream/testing/event_reader.ts";
import { clusterTest } from "../kubernetes/testing/namespace.ts";
import { Replica } from "../testing/replica.ts";

/** Sends requests to the base host through the replica's Envoy. */
async function through(replica: Replica) {
  const port = await replica.envoy!.port("public");
  const base = `http://localhost:${port}`;
  return {
    send: async (method: string, path: string, body?: object, headers: Record<string, string> = {}) => {
      const answer = await fetch(`${base}${path}`, {
        method,
        headers: { "content-type": "application/json", ...headers },
        ...body && { body: JSON.stringify(body) },
      });
      return { status: answer.status, etag: answer.headers.get("etag"), text: await answer.text() };
    },
    watch: async (path: string) => {
      const answer = await fetch(`${base}${path}`, { headers: { accept: "text/event-stream" } });
      equal(answer.status, 200);
      return new EventReader(answer);
    },
  };
}

clusterTest("a change at one gateway reaches who watches at another, through Envoy, at once", async (namespace) => {
  await using first = await Replica.start(namespace);
  await using second = await Replica.start(namespace);
  const [one, two] = [await through(first), await through(second)];
  const all = await two.watch("/_api/views?watch");
  const created = await one.send("PUT", "/_api/views/hello", { subsets: [] }, { "if-none-match": "*" });
  equal(created.status, 201);
  await all.until(1);
  const own = await two.watch("/_api/views/hello?watch");
  await own.until(1);
  equal((await one.send("POST", "/_api/views/hello/wake?wait=30")).status, 200);
  for (const reader of [all, own]) {
    while (reader.told.at(-1) !== "changed hello awake") equal(await reader.until(reader.events.length + 1), true);
  }

  // The same spec again changes nothing; another one changes the ETag, and a deletion of the former version is refused.
  const same = await one.send("PUT", "/_api/views/hello", { subsets: [] });
  deepEqual([same.status, same.etag], [200, created.etag]);
  const other = await one.send("PUT", "/_api/views/hello", { subsets: [], idleSeconds: 300 });
  deepEqual([other.status, other.etag === created.etag], [200, false]);
  equal((await two.send("DELETE", "/_api/views/hello", undefined, { "if-match": created.etag! })).status, 412);
  equal((await one.send("DELETE", "/_api/views/hello", undefined, { "if-match": other.etag! })).status, 204);
  await own.rest();
  equal(own.told.at(-1), "gone hello");
  await all.cancel();
});

clusterTest("a gateway that stops ends its streams", async (namespace) => {
  await using replica = await Replica.start(namespace);
  const { watch } = await through(replica);
  const reader = await watch("/_api/views?watch");
  await replica.stop();
  await reader.rest();
  deepEqual(reader.told, []);
});
