import { deepEqual, equal, match, rejects } from "node:assert/strict";
import type { ViewList } from "@view-gateway/types";
import { json, listIn, problemIn, startApi, viewIn, viewNamed } from "./testing/views_api.ts";

Deno.test("the answer says when to retry a write that Kubernetes cannot do now", async () => {
  const api = startApi(viewNamed("hello"));
  api.setCreated({ kind: "unavailable", message: "connection refused" });
  api.setDeleted({ kind: "unavailable", message: "connection refused" });
  const answers = [await api.post({ name: "other", subsets: [] }), await api.ask("DELETE", "/_api/views/hello")];
  for (const answer of answers) {
    match(problemIn(answer, 503, "kubernetes-unavailable").detail, /connection refused/);
    equal(answer.headers.get("retry-after"), "2");
  }
});

Deno.test("pages of other origins, including a view's, cannot change anything", async () => {
  const api = startApi(viewNamed("hello"));
  const foreign = [{ origin: "http://hello.localhost:8080" }, { "sec-fetch-site": "same-site" }];
  for (const headers of foreign) {
    problemIn(await api.post({ name: "other", subsets: [] }, headers), 403, "cross-origin");
    problemIn(await api.ask("DELETE", "/_api/views/hello", { headers }), 403, "cross-origin");
    equal((await api.ask("GET", "/_api/views", { headers })).status, 200);
    problemIn(await api.ask("OPTIONS", "/_api/views", { headers }), 403, "cross-origin");
  }
  deepEqual(api.written, []);
  equal((await api.post({ name: "other", subsets: [] }, { origin: "http://localhost:8080" })).status, 201);
});

Deno.test("no answer lets other origins read it", async () => {
  const { headers } = await startApi(viewNamed("hello")).ask("GET", "/_api/views", {
    headers: { origin: "http://evil.example" },
  });
  deepEqual([...headers.keys()].filter((name) => name.startsWith("access-control-")), []);
});

Deno.test("GET of a view shows its phase, and why it has failed", async () => {
  const cause = { reason: "ErrImagePull", message: "no such image" };
  const api = startApi(
    viewNamed("asleep"),
    viewNamed("starting", { kind: "starting", job: "job-1", step: "scheduling" }),
    viewNamed("awake", { kind: "awake", job: "job-1", serving: [{ address: "10.0.0.1", port: 80 }] }),
    viewNamed("failed", { kind: "failed", job: "job-1", cause }),
  );
  for (const name of ["asleep", "starting", "awake", "failed"]) {
    const resource = viewIn(await api.ask("GET", `/_api/views/${name}`));
    deepEqual([resource.phase, resource.cause], [name, name === "failed" ? cause : undefined]);
  }
});

Deno.test("GET of a view with an invalid spec shows the view without a spec", async () => {
  const cause = { reason: "InvalidSpec", message: "The annotation view.yolean.se/spec is not JSON" };
  const api = startApi({ ...viewNamed("hello", { kind: "failed", job: undefined, cause }), spec: undefined });
  const resource = viewIn(await api.ask("GET", "/_api/views/hello"));
  deepEqual([resource.phase, resource.cause, resource.subsets], ["failed", cause, undefined]);
  equal(listIn(await api.ask("GET", "/_api/views")).items.length, 1);
});

Deno.test("each method answers 404 for an unknown view", async () => {
  const api = startApi();
  equal(problemIn(await api.ask("GET", "/_api/views/nope"), 404, "unknown-view").view, "nope");
  problemIn(await api.ask("DELETE", "/_api/views/nope"), 404, "unknown-view");
  problemIn(await api.ask("GET", "/_api/views/%2E%2E"), 404, "not-found");
  problemIn(await api.ask("GET", "/_api/views/a%00b"), 404, "unknown-view");
  problemIn(await api.ask("GET", "/_api/nothing"), 404, "not-found");
  deepEqual(api.written, []);
});

Deno.test("HEAD answers as GET does, without a body", async () => {
  const { status, body } = await startApi(viewNamed("hello")).ask("HEAD", "/_api/views/hello");
  deepEqual([status, body], [200, undefined]);
});

Deno.test("each page of a list links to the next, until the last", async () => {
  const names = ["a", "b", "c", "d", "e"];
  const api = startApi(...names.map((name) => viewNamed(name)));
  const seen: string[][] = [];
  for (let path: string | undefined = "/_api/views?limit=2"; path !== undefined;) {
    const list: ViewList = listIn(await api.ask("GET", path));
    seen.push(list.items.map(({ name }) => name));
    path = list.next;
  }
  deepEqual(seen, [["a", "b"], ["c", "d"], ["e"]]);
  equal(listIn(await api.ask("GET", "/_api/views?limit=5")).next, undefined);
  deepEqual(listIn(await api.ask("GET", "/_api/views?after=zzz")).items, []);
  deepEqual(listIn(await startApi().ask("GET", "/_api/views")), { items: [], total: 0 });
});

Deno.test("a page has 100 views by default, and 1,000 at most", async () => {
  const api = startApi(...Array.from({ length: 101 }, (_, i) => viewNamed(`view-${String(i).padStart(3, "0")}`)));
  const first = listIn(await api.ask("GET", "/_api/views"));
  equal(first.items.length, 100);
  equal(listIn(await api.ask("GET", first.next!)).items.length, 1);
  equal(listIn(await api.ask("GET", "/_api/views?limit=1000")).items.length, 101);
  for (const limit of ["0", "-1", "1001", "1.5", "x", "", "Infinity"]) {
    problemIn(await api.ask("GET", `/_api/views?limit=${limit}`), 400, "invalid-query");
  }
});

Deno.test("DELETE is one write, by the UID of the view", async () => {
  const api = startApi(viewNamed("hello"));
  const { status, body } = await api.ask("DELETE", "/_api/views/hello");
  deepEqual([status, body], [204, undefined]);
  deepEqual(api.written, [["hello", "service-of-hello"]]);
  deepEqual(api.awaited, ["hello"]);
  equal((await api.ask("GET", "/_api/views/hello")).status, 404);
});

Deno.test("DELETE of a view that is gone answers 404; DELETE that Kubernetes refuses shows why", async () => {
  const api = startApi(viewNamed("hello"));
  api.setDeleted({ kind: "gone" });
  problemIn(await api.ask("DELETE", "/_api/views/hello"), 404, "unknown-view");
  api.setDeleted({ kind: "refused", cause: { reason: "Forbidden", message: "a webhook says no" } });
  match(problemIn(await api.ask("DELETE", "/_api/views/hello"), 403, "refused").detail, /a webhook says no/);
});

Deno.test("the answer to a method that a path does not have names those that it has", async () => {
  const api = startApi(viewNamed("hello"));
  for (
    const [method, path, allow] of [
      ["PUT", "/_api/views", "GET, HEAD, POST"],
      ["DELETE", "/_api/views", "GET, HEAD, POST"],
      ["POST", "/_api/views/hello", "GET, HEAD, PUT, PATCH, DELETE"],
      ["GET", "/_api/views/hello/restart", "POST"],
      ["POST", "/", "GET, HEAD"],
    ] as const
  ) {
    const answer = await api.ask(method, path);
    const { detail } = problemIn(answer, 405, "method-not-allowed");
    const use = allow.replace(/, (?=[A-Z]+$)/, " or ");
    equal(detail, `${method} is not possible here. Use ${use}.`);
    equal(answer.headers.get("allow"), allow);
  }
});

Deno.test("the gateway's own error reaches the server, which logs it and does not show its message", async () => {
  const api = startApi();
  api.setCreated(new TypeError("x is not a function"));
  await rejects(api.post({ name: "hello", subsets: [] }), /x is not a function/);
});

Deno.test("a client that is gone causes no error", async () => {
  const api = startApi();
  const gone = new AbortController();
  gone.abort();
  api.setCreated(gone.signal.reason);
  const body = JSON.stringify({ name: "hello", subsets: [] });
  equal((await api.ask("POST", "/_api/views", { body, headers: json, signal: gone.signal })).status, 500);
});

Deno.test("a view's URL has the scheme and port of the request", async () => {
  const api = startApi(viewNamed("hello"));
  const url = async (headers: Record<string, string>) =>
    viewIn(await api.ask("GET", "/_api/views/hello", { headers })).route.url;
  equal(await url({ host: "localhost" }), "http://hello.localhost/");
  equal(await url({ host: "localhost:8443", "x-forwarded-proto": "https" }), "https://hello.localhost:8443/");
});
