import { deepEqual, equal, match } from "node:assert/strict";
import type { View } from "@view-gateway/types";
import type { ViewState } from "../view/state.ts";
import { json, problemIn, startApi, startApiFor, viewIn, viewNamed } from "./testing/views_api.ts";

const spec: View = { subsets: [], idleSeconds: 60 };
const hello: ViewState = { ...viewNamed("hello"), resourceVersion: "1", owner: "oidc:alice", spec };

function start(...states: ViewState[]) {
  const api = startApi(...states);
  const put = (name: string, body: unknown, headers: Record<string, string> = {}) =>
    api.ask("PUT", `/_api/views/${name}`, { body: JSON.stringify(body), headers: { ...json, ...headers } });
  return { ...api, put };
}

Deno.test("PUT creates a view, and the same again writes nothing", async () => {
  const { put, written } = start();
  const created = await put("hello", spec);
  deepEqual([created.status, created.headers.get("etag"), created.headers.get("location")], [
    ...[201, '"1"', "/_api/views/hello"],
  ]);
  equal(viewIn(created).idleSeconds, 60);
  equal(written.length, 1);
  const again = await put("hello", { name: "hello", ...spec });
  equal(again.status, 200);
  equal(written.length, 1);
});

Deno.test("PUT replaces the whole spec, and the owner stays", async () => {
  const { put, written } = start(hello);
  const answer = await put("hello", { subsets: [], maxLifetimeSeconds: 600 });
  deepEqual([answer.status, answer.headers.get("etag")], [200, '"2"']);
  const { idleSeconds, maxLifetimeSeconds, owner } = viewIn(answer);
  deepEqual([idleSeconds, maxLifetimeSeconds, owner], [undefined, 600, "oidc:alice"]);
  deepEqual(written, [["hello", "1", { subsets: [], maxLifetimeSeconds: 600 }]]);
});

Deno.test("PUT mends a view whose annotation is invalid", async () => {
  const { spec: _, ...invalid } = hello;
  const { put, written } = start({ ...invalid, spec: undefined } as ViewState);
  equal((await put("hello", spec)).status, 200);
  deepEqual(written, [["hello", "1", spec]]);
});

Deno.test("PUT names every mistake of its body; a name is that of the path", async () => {
  const { put, written } = start(hello);
  const { errors } = problemIn(await put("hello", { name: "other", ...spec }), 422, "invalid-view");
  deepEqual(errors, [{ pointer: "/name", detail: "must be hello, as in the path" }]);
  problemIn(await put("Hello_", spec), 422, "invalid-view");
  problemIn(await put("hello", { ...spec, phase: "awake" }), 422, "invalid-view");
  problemIn(await put("hello", {}), 422, "invalid-view");
  for (const body of [null, 7, "x", []]) problemIn(await put("hello", body), 422, "invalid-view");
  problemIn(await put("hello", spec, { "content-type": "text/plain" }), 415, "not-json");
  problemIn(await put("hello", spec, { "sec-fetch-site": "same-site" }), 403, "cross-origin");
  deepEqual(written, []);
});

Deno.test("PUT creates only what does not exist, or replaces only one version, where a header says so", async () => {
  const { put, written } = start(hello);
  const other = { subsets: [], idleSeconds: 90 };
  const refused = async (name: string, headers: Record<string, string>) =>
    problemIn(await put(name, other, headers), 412, "changed-meanwhile").detail;
  match(await refused("hello", { "if-none-match": "*" }), /is what If-None-Match names: its ETag is "1"/);
  await refused("hello", { "if-none-match": '"0", W/"1"' });
  await refused("hello", { "if-match": '"0"' });
  await refused("hello", { "if-match": 'W/"1"' });
  match(await refused("new", { "if-match": "*" }), /is not what If-Match names: it does not exist/);
  deepEqual(written, []);
  equal((await put("new", other, { "if-none-match": "*" })).status, 201);
  equal((await put("hello", other, { "if-match": '"1"', "if-none-match": '"0"' })).status, 200);
});

Deno.test("PUT needs the right to create a new view, and to change one that exists", async () => {
  const api = startApiFor({ bob: ["create"], eve: ["patch hello"] }, hello);
  const put = (person: string, name: string) => api.send(person, "PUT", `/_api/views/${name}`, spec);
  problemIn(await put("bob", "hello"), 403, "forbidden");
  problemIn(await put("eve", "new"), 403, "forbidden");
  deepEqual(api.written, []);
  equal((await put("bob", "new")).status, 201);
  equal((await put("eve", "hello")).status, 200);
});

Deno.test("PUT of a name that another gateway just takes is a replacement; of another Service's name, a conflict", async () => {
  const api = start();
  api.setCreated({ kind: "exists" });
  problemIn(await api.put("taken", spec), 409, "exists");
  const { get } = api.byName;
  let reads = 0;
  api.byName.get = (name) => {
    if (++reads === 2) api.byName.set("hello", hello);
    return get.call(api.byName, name);
  };
  equal((await api.put("hello", spec)).status, 200);
});

Deno.test("PUT of a view that others always change first is a conflict", async () => {
  const api = start(hello);
  api.setChanged({ kind: "lost" });
  problemIn(await api.put("hello", { subsets: [] }), 409, "conflict");
  equal(api.written.length, 3);
});
