import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { V1Service } from "@kubernetes/client-node";
import { createdAt, json, problemIn, quota, startApi, startApiWith, viewIn, viewNamed } from "./testing/views_api.ts";

Deno.test("POST creates a view by one write: a Service with its spec", async () => {
  const api = startApi();
  const answer = await api.post({ name: "hello", subsets: [], idleSeconds: 60 });
  equal(answer.status, 201);
  equal(answer.headers.get("location"), "/_api/views/hello");
  deepEqual(viewIn(answer), {
    name: "hello",
    subsets: [],
    idleSeconds: 60,
    route: { hostname: "hello.localhost", url: "http://hello.localhost:8080/" },
    phase: "asleep",
    effective: { idleSeconds: 60, maxLifetimeSeconds: 86_400 },
    createdAt,
  });
  equal(api.written.length, 1);
  const { metadata } = api.written[0] as V1Service;
  equal(metadata?.name, "hello");
  deepEqual(JSON.parse(metadata?.annotations?.["view.yolean.se/spec"] ?? ""), { subsets: [], idleSeconds: 60 });
  equal(metadata?.labels?.team, "sales");
});

Deno.test("POST answers once the next request finds the view, and no later than after a moment", async () => {
  const api = startApi();
  await api.post({ name: "hello", subsets: [] });
  deepEqual(api.awaited, ["hello"]);
  equal((await api.ask("GET", "/_api/views/hello")).status, 200);

  const slow = startApi();
  slow.setCreated({ kind: "created", createdAt, uid: "another", resourceVersion: "1" });
  slow.byName.set = () => slow.byName;
  equal((await slow.post({ name: "hello", subsets: [] })).status, 201);
});

Deno.test("POST of a name that a Service has is a conflict", async () => {
  const api = startApi();
  api.setCreated({ kind: "exists" });
  const foreign = problemIn(await api.post({ name: "hello", subsets: [] }), 409, "exists");
  equal(foreign.view, "hello");
  match(foreign.detail, /a Service of that name exists that is no view, or is still being deleted/);
  api.byName.set("hello", viewNamed("hello"));
  match(
    problemIn(await api.post({ name: "hello", subsets: [] }), 409, "exists").detail,
    /there is a view of that name/,
  );
});

Deno.test("POST that Kubernetes refuses answers with Kubernetes' reason and message", async () => {
  const api = startApi();
  api.setCreated({ kind: "refused", cause: quota });
  const problem = problemIn(await api.post({ name: "hello", subsets: [] }), 403, "refused");
  deepEqual([problem.reason, problem.view], ["Forbidden", "hello"]);
  match(problem.detail, /exceeded quota/);
});

Deno.test("POST of an invalid view names every mistake, and writes nothing", async () => {
  const api = startApi();
  const answer = await api.post({ name: "Sales", subsets: "all", idleSeconds: 0, color: "red" });
  const problem = problemIn(answer, 422, "invalid-view");
  const pointers = problem.errors.map(({ pointer }: { pointer: string }) => pointer);
  deepEqual(pointers.toSorted(), ["/color", "/idleSeconds", "/name", "/subsets"]);
  for (const pointer of pointers) ok(problem.detail.includes(pointer));
  problemIn(await api.post(null), 422, "invalid-view");
  problemIn(await api.post({ name: "a".repeat(64), subsets: [] }), 422, "invalid-view");
  deepEqual(api.written, []);
});

Deno.test("POST of a body that is not JSON says so", async () => {
  const api = startApi();
  problemIn(await api.ask("POST", "/_api/views", { body: '{"name":', headers: json }), 400, "not-json");
  problemIn(await api.ask("POST", "/_api/views", { headers: json }), 400, "not-json");
});

Deno.test("POST requires the content type of JSON: other origins can send forms and plain text", async () => {
  const api = startApi();
  const body = JSON.stringify({ name: "hello", subsets: [] });
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""]) {
    problemIn(await api.ask("POST", "/_api/views", { body, headers: { "content-type": type } }), 415, "not-json");
  }
  deepEqual(api.written, []);
  const headers = { "content-type": "Application/JSON; charset=utf-8" };
  equal((await api.ask("POST", "/_api/views", { body, headers })).status, 201);
});

Deno.test("POST refuses a body over the limit, with or without Content-Length", async () => {
  const api = startApi();
  const large = JSON.stringify({ name: "hello", subsets: [], padding: "x".repeat(1_000) });
  const headers = { ...json, "content-length": String(large.length) };
  match(
    problemIn(await api.ask("POST", "/_api/views", { body: large, headers }), 413, "body-too-large").detail,
    /1000/,
  );
  const stream = ReadableStream.from([
    new TextEncoder().encode(large.slice(0, 500)),
    new TextEncoder().encode(large.slice(500)),
  ]);
  problemIn(await api.ask("POST", "/_api/views", { body: stream, headers: json }), 413, "body-too-large");
  deepEqual(api.written, []);
});

Deno.test("POST creates no view above the limit", async () => {
  const api = startApiWith({ limit: 1 }, viewNamed("hello"));
  match(
    problemIn(await api.post({ name: "other", subsets: [] }), 403, "too-many-views").detail,
    /1 views, and the limit is 1/,
  );
  deepEqual(api.written, []);
  await api.ask("DELETE", "/_api/views/hello");
  equal((await api.post({ name: "other", subsets: [] })).status, 201);
});

Deno.test("POST of a view with more time than the configuration allows is invalid", async () => {
  const api = startApi();
  const asking = async (spec: object) => {
    const problem = problemIn(await api.post({ name: "hello", subsets: [], ...spec }), 422, "invalid-view");
    return problem.errors.map(({ pointer }: { pointer: string }) => pointer);
  };
  deepEqual(await asking({ idleSeconds: 29, maxLifetimeSeconds: 86_401 }), ["/idleSeconds", "/maxLifetimeSeconds"]);
  deepEqual(await asking({ idleSeconds: 7_201 }), ["/idleSeconds"]);
  equal((await api.post({ name: "hello", subsets: [], idleSeconds: 30, maxLifetimeSeconds: 86_400 })).status, 201);
});
