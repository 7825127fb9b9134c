import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { Invalid, View } from "@view-gateway/types";
import { noTemplates } from "../view/templates.ts";
import type { ViewState } from "../view/state.ts";
import { problemIn, quota, startApi, startApiWith, viewIn, viewNamed } from "./testing/views_api.ts";

const spec: View = { subsets: [], idleSeconds: 60, template: "duckdb", access: { users: ["oidc:bob"] } };
const hello: ViewState = { ...viewNamed("hello"), resourceVersion: "1", spec };
const start = () => startApi(hello);
const wrote = (spec: View) => [["hello", "1", spec]];

Deno.test("PATCH merges its body into the spec, by one write of the version that was read", async () => {
  const api = start();
  const answer = await api.patch("hello", { idleSeconds: 90, template: null, access: { groups: ["oidc:sales"] } });
  equal(answer.status, 200);
  const after: View = { subsets: [], idleSeconds: 90, access: { users: ["oidc:bob"], groups: ["oidc:sales"] } };
  deepEqual(api.written, wrote(after));
  const { name, subsets, idleSeconds, access, template } = viewIn(answer);
  deepEqual([name, subsets, idleSeconds, access, template], [
    "hello",
    [],
    90,
    { users: ["oidc:bob"], groups: ["oidc:sales"] },
    undefined,
  ]);
  equal(answer.headers.get("etag"), '"2"');
  equal((await api.ask("GET", "/_api/views/hello")).headers.get("etag"), '"2"');
});

Deno.test("PATCH that changes nothing writes nothing", async () => {
  const api = start();
  equal((await api.patch("hello", { idleSeconds: 60, public: null })).status, 200);
  deepEqual(api.written, []);
});

Deno.test("PATCH with If-Match changes that version alone", async () => {
  const api = start();
  for (const tag of ['"0"', "1", 'W/"1"', '""', '"1']) {
    const problem = problemIn(
      await api.patch("hello", { idleSeconds: 90 }, { "if-match": tag }),
      412,
      "changed-meanwhile",
    );
    match(problem.detail, /its ETag is "1"/);
  }
  deepEqual(api.written, []);
  equal((await api.patch("hello", { idleSeconds: 90 }, { "if-match": '"0", "1"' })).status, 200);
  equal((await api.patch("hello", { idleSeconds: 91 }, { "if-match": "*" })).status, 200);
});

Deno.test("PATCH without If-Match is made of the latest version, if somebody else changes the view just then", async () => {
  const api = start();
  const theirs = { ...hello, resourceVersion: "7", spec: { ...spec, maxLifetimeSeconds: 600 } };
  api.setChanged({ kind: "lost" });
  const { get } = api.byName;
  let reads = 0;
  // The watch tells of their version after the first write.
  api.byName.get = (name) => {
    if (++reads === 3) {
      api.byName.set("hello", theirs);
      api.setChanged({ kind: "changed", resourceVersion: "8" });
    }
    return get.call(api.byName, name);
  };
  equal((await api.patch("hello", { idleSeconds: 90 })).status, 200);
  deepEqual(api.written, [
    ...wrote({ ...spec, idleSeconds: 90 }),
    ["hello", "7", { ...spec, maxLifetimeSeconds: 600, idleSeconds: 90 }],
  ]);
});

Deno.test("PATCH of a view that others always change first is a conflict, after some tries", async () => {
  const api = start();
  api.setChanged({ kind: "lost" });
  const answer = await api.patch("hello", { idleSeconds: 90 });
  equal(problemIn(answer, 409, "conflict").view, "hello");
  equal(answer.headers.get("retry-after"), "1");
  equal(api.written.length, 3);
});

Deno.test("PATCH names every mistake of the spec as it would be, and writes nothing", async () => {
  const api = start();
  const answer = await api.patch("hello", {
    subsets: null,
    idleSeconds: 1,
    color: "red",
    access: { users: ["a\n"], groups: ["a,b", "system:unauthenticated"], owners: [] },
    public: true,
  });
  const pointers = problemIn(answer, 422, "invalid-view").errors.map(({ pointer }: Invalid) => pointer);
  deepEqual(pointers.toSorted(), [
    "/access/groups/0",
    "/access/owners",
    "/access/users/0",
    "/color",
    "/idleSeconds",
    "/public",
    "/subsets",
  ]);
  for (const body of [null, 7, "x", [], [{ op: "replace", path: "/public", value: true }]]) {
    problemIn(await api.patch("hello", body), 422, "invalid-view");
  }
  deepEqual(api.written, []);
});

Deno.test("PATCH changes neither the owner nor what else is not the spec's", async () => {
  const api = start();
  const attempts = [
    { owner: "oidc:mallory" },
    { metadata: { annotations: { "view.yolean.se/owner": "oidc:mallory" } } },
    { annotations: { "view.yolean.se/owner": "oidc:mallory" } },
    { "view.yolean.se/owner": "oidc:mallory" },
    { access: { owner: "oidc:mallory" } },
    { name: "other" },
    { uid: "service-of-other", resourceVersion: "2" },
    JSON.parse('{"__proto__": {"owner": "oidc:mallory"}}'),
    JSON.parse('{"access": {"__proto__": {"everyone": true}}}'),
    { constructor: { prototype: { public: true } } },
    { phase: "awake", route: {} },
  ];
  for (const body of attempts) problemIn(await api.patch("hello", body), 422, "invalid-view");
  match(problemIn(await api.patch("hello", { owner: "x" }), 422, "invalid-view").detail, /\/owner is the gateway's/);
  deepEqual(api.written, []);
});

Deno.test("POST sets no owner that the body names", async () => {
  const api = startApi();
  for (const more of [{ owner: "oidc:mallory" }, { metadata: {} }, JSON.parse('{"__proto__": {"owner": "x"}}')]) {
    problemIn(await api.post({ name: "hello", subsets: [], ...more, phase: "awake" }), 422, "invalid-view");
  }
  deepEqual(api.written, []);
});

Deno.test("a spec may say public only where the configuration allows it", async () => {
  const closed = start();
  for (
    const answer of [
      await closed.patch("hello", { public: true }),
      await closed.post({ name: "b", subsets: [], public: true }),
    ]
  ) {
    const { errors } = problemIn(answer, 422, "invalid-view");
    deepEqual(errors.map(({ pointer }: Invalid) => pointer), ["/public"]);
    match(errors[0].detail, /PUBLIC_VIEWS/);
  }
  equal((await closed.patch("hello", { public: false })).status, 200);
  const open = startApiWith({ publicViews: true }, hello);
  equal((await open.patch("hello", { public: true })).status, 200);
  equal((await open.post({ name: "b", subsets: [], public: true })).status, 201);
});

Deno.test("PATCH is not refused for what it leaves as it was", async () => {
  const subsets = [{ bucket: "lake", prefix: "sales/" }];
  const left = { ...hello, spec: { ...spec, subsets, public: true } };
  const api = startApiWith({ templates: () => noTemplates("templates", "default") }, left);
  equal((await api.patch("hello", { access: { everyone: true } })).status, 200);
  equal((await api.patch("hello", { public: null })).status, 200);
  const answer = await api.patch("hello", {
    subsets: [...subsets, { bucket: "other" }],
    template: "other",
    public: true,
  });
  const pointers = problemIn(answer, 422, "invalid-view").errors.map(({ pointer }: Invalid) => pointer);
  deepEqual(pointers.toSorted(), ["/public", "/subsets", "/template"]);
});

Deno.test("PATCH of a view without a valid spec, and of an unknown one, says what to do", async () => {
  const api = startApi({ ...hello, spec: undefined });
  match(problemIn(await api.patch("hello", { idleSeconds: 90 }), 409, "invalid-spec").detail, /with kubectl/);
  problemIn(await api.patch("nope", { idleSeconds: 90 }), 404, "unknown-view");
});

Deno.test("PATCH is a JSON merge patch, and another content type gets 415", async () => {
  const api = start();
  for (const type of ["application/json", "application/json-patch+json", "text/plain", ""]) {
    const answer = await api.patch("hello", { idleSeconds: 90 }, { "content-type": type });
    match(problemIn(answer, 415, "not-json").detail, /application\/merge-patch\+json/);
    equal(answer.headers.get("accept-patch"), "application/merge-patch+json");
  }
  const headers = { "content-type": "application/merge-patch+json" };
  problemIn(await api.ask("PATCH", "/_api/views/hello", { body: "{", headers }), 400, "not-json");
  problemIn(await api.patch("hello", { access: { users: ["x".repeat(2_000)] } }), 413, "body-too-large");
  deepEqual(api.written, []);
});

Deno.test("PATCH from another origin changes nothing", async () => {
  const api = start();
  for (
    const headers of [{ origin: "http://hello.localhost:8080" }, { "sec-fetch-site": "same-site" }, { origin: "null" }]
  ) {
    problemIn(await api.patch("hello", { public: false }, headers), 403, "cross-origin");
  }
  deepEqual(api.written, []);
});

Deno.test("PATCH that Kubernetes refuses, or cannot do now, shows its words", async () => {
  const api = start();
  api.setChanged({ kind: "refused", cause: quota });
  ok(problemIn(await api.patch("hello", { idleSeconds: 90 }), 403, "refused").detail.includes(quota.message));
  api.setChanged({ kind: "unavailable", message: "connection refused" });
  match(problemIn(await api.patch("hello", { idleSeconds: 90 }), 503, "kubernetes-unavailable").detail, /not changed/);
});
