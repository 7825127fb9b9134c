import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import type { V1Service } from "@kubernetes/client-node";
import { validate, type ViewList, type ViewResource } from "@view-gateway/types";
import { problem } from "../http/problem.ts";
import type { Phase, ViewState } from "../view/state.ts";
import { viewState } from "../view/testing/view_state.ts";
import type { CreatedService, DeletedService } from "../view/write_outcomes.ts";
import { type ApiOptions, type PagedViews, type Restarted, type Services, viewsApi } from "./views_api.ts";

const at = "2026-01-01T00:00:00Z";
const asleep: Phase = { kind: "asleep", ended: undefined };
const view = (name: string, phase: Phase = asleep, uid = `service-of-${name}`) =>
  viewState(phase, { name, uid, spec: { subsets: [], idleSeconds: 60 } });
const created: CreatedService = { kind: "created", uid: "service-new", createdAt: at };
const quota = { reason: "Forbidden", message: 'exceeded quota: services "20"' };
const json = { "content-type": "application/json" };

/** The API over these views; Kubernetes answers each write as a test says. */
function start(...states: ViewState[]) {
  return serve({}, ...states);
}

function serve(change: Partial<ApiOptions>, ...states: ViewState[]) {
  const byName = new Map(states.map((state) => [state.name, state]));
  const written: unknown[] = [];
  const awaited: string[] = [];
  let create: CreatedService | Error = created;
  let remove: DeletedService = { kind: "deleted" };
  let restarted: Restarted = { kind: "launched" };
  const views: PagedViews = {
    get size() {
      return byName.size;
    },
    get: (name) => byName.get(name),
    page: (after, limit) =>
      [...byName.keys()].sort().filter((name) => name > after).slice(0, limit).map((name) => byName.get(name)!),
    until: (name, fits, signal) => {
      awaited.push(name);
      if (fits(byName.get(name))) return Promise.resolve(byName.get(name));
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    },
  };
  const services: Services = {
    create: (service) => {
      written.push(service);
      if (create instanceof Error) return Promise.reject(create);
      if (create.kind === "created") {
        byName.set(service.metadata!.name!, view(service.metadata!.name!, asleep, create.uid));
      }
      return Promise.resolve(create);
    },
    delete: (name, uid) => {
      written.push([name, uid]);
      if (remove.kind === "deleted") byName.delete(name);
      return Promise.resolve(remove);
    },
  };
  const api = viewsApi({
    views,
    services,
    baseHost: "localhost",
    bodyLimitBytes: 1_000,
    required: { team: "sales" },
    restart: (state) => {
      written.push(["restart", state.name]);
      return Promise.resolve(restarted);
    },
    limit: 1_000,
    templateProblems: () => [],
    bounds: { idleSeconds: 900, minIdleSeconds: 30, maxIdleSeconds: 7_200, maxLifetimeSeconds: 86_400 },
    settle: 20,
    ...change,
  });
  const ask = async (method: string, path: string, init: RequestInit = {}) => {
    const headers = { host: "localhost:8080", ...init.headers as Record<string, string> };
    const response = await api.request(path, { ...init, method, headers });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
  };
  return {
    api,
    written,
    awaited,
    byName,
    ask,
    post: (body: unknown, headers: Record<string, string> = {}) =>
      ask("POST", "/_api/views", { body: JSON.stringify(body), headers: { ...json, ...headers } }),
    creationEnds: (how: CreatedService | Error) => create = how,
    deletionEnds: (how: DeletedService) => remove = how,
    restartEnds: (how: Restarted) => restarted = how,
  };
}

type Answer = Awaited<ReturnType<ReturnType<typeof start>["ask"]>>;

/** The answer's body, which is the view that the types describe. */
function viewIn({ body }: Answer): ViewResource {
  const result = validate("ViewResource", structuredClone(body));
  deepEqual(result, { value: body });
  return body;
}

function listIn({ body }: Answer): ViewList {
  deepEqual(validate("ViewList", structuredClone(body)), { value: body });
  return body;
}

/** Expects a problem document of this status and kind. */
function problemIn({ status, headers, body }: Answer, expected: number, kind: string) {
  deepEqual([status, body.status, body.type], [expected, expected, `urn:view-gateway:${kind}`]);
  equal(headers.get("content-type"), "application/problem+json");
  deepEqual(validate("Problem", structuredClone(body)), { value: body });
  return body;
}

Deno.test("POST creates a view by one write, a Service that holds its spec", async () => {
  const api = start();
  const answer = await api.post({ name: "hello", subsets: [], idleSeconds: 60 });
  equal(answer.status, 201);
  equal(answer.headers.get("location"), "/_api/views/hello");
  deepEqual(viewIn(answer), {
    name: "hello",
    subsets: [],
    idleSeconds: 60,
    route: { hostname: "hello.localhost", url: "http://hello.localhost:8080/" },
    phase: "asleep",
    createdAt: at,
  });
  equal(api.written.length, 1);
  const { metadata } = api.written[0] as V1Service;
  equal(metadata?.name, "hello");
  deepEqual(JSON.parse(metadata?.annotations?.["view.yolean.se/spec"] ?? ""), { subsets: [], idleSeconds: 60 });
  equal(metadata?.labels?.team, "sales");
});

Deno.test("POST is answered once the next request finds the view, or after a while all the same", async () => {
  const api = start();
  await api.post({ name: "hello", subsets: [] });
  deepEqual(api.awaited, ["hello"]);
  equal((await api.ask("GET", "/_api/views/hello")).status, 200);

  const slow = start();
  slow.creationEnds({ ...created, uid: "another" });
  slow.byName.set = () => slow.byName;
  equal((await slow.post({ name: "hello", subsets: [] })).status, 201);
});

Deno.test("POST of a name that a Service has is a conflict", async () => {
  const api = start();
  api.creationEnds({ kind: "exists" });
  const foreign = problemIn(await api.post({ name: "hello", subsets: [] }), 409, "exists");
  equal(foreign.view, "hello");
  match(foreign.detail, /a Service of that name exists, which is no view, or is still being deleted/);
  api.byName.set("hello", view("hello"));
  match(
    problemIn(await api.post({ name: "hello", subsets: [] }), 409, "exists").detail,
    /there is a view of that name/,
  );
});

Deno.test("POST that Kubernetes refuses tells its reason and its words", async () => {
  const api = start();
  api.creationEnds({ kind: "refused", cause: quota });
  const problem = problemIn(await api.post({ name: "hello", subsets: [] }), 403, "refused");
  deepEqual([problem.reason, problem.view], ["Forbidden", "hello"]);
  match(problem.detail, /exceeded quota/);
});

Deno.test("what Kubernetes cannot do now may be tried again", async () => {
  const api = start(view("hello"));
  api.creationEnds({ kind: "unavailable", message: "connection refused" });
  api.deletionEnds({ kind: "unavailable", message: "connection refused" });
  const answers = [await api.post({ name: "other", subsets: [] }), await api.ask("DELETE", "/_api/views/hello")];
  for (const answer of answers) {
    match(problemIn(answer, 503, "kubernetes-unavailable").detail, /connection refused/);
    equal(answer.headers.get("retry-after"), "2");
  }
});

Deno.test("POST of a view that is not valid names every mistake, and writes nothing", async () => {
  const api = start();
  const answer = await api.post({ name: "Sales", subsets: "all", idleSeconds: 0, color: "red" });
  const problem = problemIn(answer, 422, "invalid-view");
  const pointers = problem.errors.map(({ pointer }: { pointer: string }) => pointer);
  deepEqual(pointers.toSorted(), ["/color", "/idleSeconds", "/name", "/subsets"]);
  for (const pointer of pointers) ok(problem.detail.includes(pointer));
  problemIn(await api.post(null), 422, "invalid-view");
  problemIn(await api.post({ name: "a".repeat(64), subsets: [] }), 422, "invalid-view");
  deepEqual(api.written, []);
});

Deno.test("a body that is not JSON is told so", async () => {
  const api = start();
  problemIn(await api.ask("POST", "/_api/views", { body: '{"name":', headers: json }), 400, "not-json");
  problemIn(await api.ask("POST", "/_api/views", { headers: json }), 400, "not-json");
});

Deno.test("a body must say that it is JSON: forms and plain text can be sent across origins", async () => {
  const api = start();
  const body = JSON.stringify({ name: "hello", subsets: [] });
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""]) {
    problemIn(await api.ask("POST", "/_api/views", { body, headers: { "content-type": type } }), 415, "not-json");
  }
  deepEqual(api.written, []);
  const headers = { "content-type": "Application/JSON; charset=utf-8" };
  equal((await api.ask("POST", "/_api/views", { body, headers })).status, 201);
});

Deno.test("a body over the limit is refused, whether it says its length or not", async () => {
  const api = start();
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

Deno.test("a view's page, or any other, cannot change anything", async () => {
  const api = start(view("hello"));
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

Deno.test("nothing invites other origins to read", async () => {
  const { headers } = await start(view("hello")).ask("GET", "/_api/views", {
    headers: { origin: "http://evil.example" },
  });
  deepEqual([...headers.keys()].filter((name) => name.startsWith("access-control-")), []);
});

Deno.test("GET of a view tells its phase, and why it has failed", async () => {
  const cause = { reason: "ErrImagePull", message: "no such image" };
  const api = start(
    view("asleep"),
    view("starting", { kind: "starting", job: "job-1", step: "scheduling" }),
    view("awake", { kind: "awake", job: "job-1", serving: [{ address: "10.0.0.1", port: 80 }] }),
    view("failed", { kind: "failed", job: "job-1", cause }),
  );
  for (const name of ["asleep", "starting", "awake", "failed"]) {
    const resource = viewIn(await api.ask("GET", `/_api/views/${name}`));
    deepEqual([resource.phase, resource.cause], [name, name === "failed" ? cause : undefined]);
  }
});

Deno.test("a view whose spec is not valid is answered all the same, without one", async () => {
  const cause = { reason: "InvalidSpec", message: "The annotation view.yolean.se/spec is not JSON" };
  const api = start({ ...view("hello", { kind: "failed", job: undefined, cause }), spec: undefined });
  const resource = viewIn(await api.ask("GET", "/_api/views/hello"));
  deepEqual([resource.phase, resource.cause, resource.subsets], ["failed", cause, undefined]);
  equal(listIn(await api.ask("GET", "/_api/views")).items.length, 1);
});

Deno.test("a name that no view has is told so, whatever is asked of it", async () => {
  const api = start();
  equal(problemIn(await api.ask("GET", "/_api/views/nope"), 404, "unknown-view").view, "nope");
  problemIn(await api.ask("DELETE", "/_api/views/nope"), 404, "unknown-view");
  problemIn(await api.ask("GET", "/_api/views/%2E%2E"), 404, "not-found");
  problemIn(await api.ask("GET", "/_api/views/a%00b"), 404, "unknown-view");
  problemIn(await api.ask("GET", "/_api/nothing"), 404, "not-found");
  deepEqual(api.written, []);
});

Deno.test("HEAD is as GET, without a body", async () => {
  const { status, body } = await start(view("hello")).ask("HEAD", "/_api/views/hello");
  deepEqual([status, body], [200, undefined]);
});

Deno.test("a list comes in pages that lead to each other, until the last", async () => {
  const names = ["a", "b", "c", "d", "e"];
  const api = start(...names.map((name) => view(name)));
  const seen: string[][] = [];
  for (let path: string | undefined = "/_api/views?limit=2"; path !== undefined;) {
    const list: ViewList = listIn(await api.ask("GET", path));
    seen.push(list.items.map(({ name }) => name));
    path = list.next;
  }
  deepEqual(seen, [["a", "b"], ["c", "d"], ["e"]]);
  equal(listIn(await api.ask("GET", "/_api/views?limit=5")).next, undefined);
  deepEqual(listIn(await api.ask("GET", "/_api/views?after=zzz")).items, []);
  deepEqual(listIn(await start().ask("GET", "/_api/views")), { items: [] });
});

Deno.test("a list has a hundred views unless told, and a thousand at most", async () => {
  const api = start(...Array.from({ length: 101 }, (_, i) => view(`view-${String(i).padStart(3, "0")}`)));
  const first = listIn(await api.ask("GET", "/_api/views"));
  equal(first.items.length, 100);
  equal(listIn(await api.ask("GET", first.next!)).items.length, 1);
  equal(listIn(await api.ask("GET", "/_api/views?limit=1000")).items.length, 101);
  for (const limit of ["0", "-1", "1001", "1.5", "x", "", "Infinity"]) {
    problemIn(await api.ask("GET", `/_api/views?limit=${limit}`), 400, "invalid-query");
  }
});

Deno.test("DELETE is one write, of the very view that was asked for", async () => {
  const api = start(view("hello"));
  const { status, body } = await api.ask("DELETE", "/_api/views/hello");
  deepEqual([status, body], [204, undefined]);
  deepEqual(api.written, [["hello", "service-of-hello"]]);
  deepEqual(api.awaited, ["hello"]);
  equal((await api.ask("GET", "/_api/views/hello")).status, 404);
});

Deno.test("DELETE of what has gone meanwhile finds nothing; what Kubernetes refuses is told", async () => {
  const api = start(view("hello"));
  api.deletionEnds({ kind: "gone" });
  problemIn(await api.ask("DELETE", "/_api/views/hello"), 404, "unknown-view");
  api.deletionEnds({ kind: "refused", cause: { reason: "Forbidden", message: "a webhook says no" } });
  match(problemIn(await api.ask("DELETE", "/_api/views/hello"), 403, "refused").detail, /a webhook says no/);
});

Deno.test("a method that is not possible names those that are", async () => {
  const api = start(view("hello"));
  for (
    const [method, path, allow] of [
      ["PUT", "/_api/views", "GET, HEAD, POST"],
      ["DELETE", "/_api/views", "GET, HEAD, POST"],
      ["POST", "/_api/views/hello", "GET, HEAD, DELETE"],
      ["PATCH", "/_api/views/hello", "GET, HEAD, DELETE"],
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

Deno.test("a fault of the gateway's own goes on to the server, which logs it and shows nobody its words", async () => {
  const api = start();
  api.creationEnds(new TypeError("x is not a function"));
  await rejects(api.post({ name: "hello", subsets: [] }), /x is not a function/);
});

Deno.test("a client that has gone is no fault", async () => {
  const api = start();
  const gone = new AbortController();
  gone.abort();
  api.creationEnds(gone.signal.reason);
  const body = JSON.stringify({ name: "hello", subsets: [] });
  equal((await api.ask("POST", "/_api/views", { body, headers: json, signal: gone.signal })).status, 500);
});

Deno.test("a view's URL is as seen from where the API was asked", async () => {
  const api = start(view("hello"));
  const url = async (headers: Record<string, string>) =>
    viewIn(await api.ask("GET", "/_api/views/hello", { headers })).route.url;
  equal(await url({ host: "localhost" }), "http://hello.localhost/");
  equal(await url({ host: "localhost:8443", "x-forwarded-proto": "https" }), "https://hello.localhost:8443/");
});

Deno.test("the base host's page runs no script and can be framed by nobody", async () => {
  const response = await start(view("hello")).api.request("/");
  equal(response.status, 200);
  match(response.headers.get("content-type") ?? "", /^text\/html/);
  const policy = response.headers.get("content-security-policy") ?? "";
  match(policy, /default-src 'none'/);
  match(policy, /frame-ancestors 'none'/);
  ok(!/script-src/.test(policy));
  match(await response.text(), /hello/);
});

Deno.test("a gateway that has as many views as it may have creates none", async () => {
  const api = serve({ limit: 1 }, view("hello"));
  match(
    problemIn(await api.post({ name: "other", subsets: [] }), 403, "too-many-views").detail,
    /1 views, and 1 may be/,
  );
  deepEqual(api.written, []);
  await api.ask("DELETE", "/_api/views/hello");
  equal((await api.post({ name: "other", subsets: [] })).status, 201);
});

Deno.test("POST to a view's restart makes its Job anew, and answers the view as it is then", async () => {
  const api = start(view("hello"));
  const answer = await api.ask("POST", "/_api/views/hello/restart");
  equal(answer.status, 202);
  equal(viewIn(answer).name, "hello");
  deepEqual(api.written, [["restart", "hello"]]);
});

Deno.test("a restart that cannot be tells why", async () => {
  const api = start(view("hello"));
  const restart = () => api.ask("POST", "/_api/views/hello/restart");
  for (const kind of ["failed", "paused"] as const) {
    api.restartEnds({ kind, cause: { reason: "InvalidTemplate", message: "There is no template x." } });
    const { reason, view } = problemIn(await restart(), 409, "view-failed");
    deepEqual([reason, view], ["InvalidTemplate", "hello"]);
  }
  api.restartEnds({ kind: "denied", problem: problem(503, "busy", "There is too much at once."), retryAfter: 2 });
  const answer = await restart();
  match(problemIn(answer, 503, "busy").detail, /too much at once/);
  equal(answer.headers.get("retry-after"), "2");
});

Deno.test("a restart is of a view that there is, by POST, from the API's own origin", async () => {
  const api = start(view("hello"));
  problemIn(await api.ask("POST", "/_api/views/nope/restart"), 404, "unknown-view");
  const answer = await api.ask("GET", "/_api/views/hello/restart");
  problemIn(answer, 405, "method-not-allowed");
  equal(answer.headers.get("allow"), "POST");
  const headers = { "sec-fetch-site": "same-site" };
  problemIn(await api.ask("POST", "/_api/views/hello/restart", { headers }), 403, "cross-origin");
  deepEqual(api.written, []);
});

Deno.test("a view that asks for more time than views may have is not valid", async () => {
  const api = start();
  const asking = async (spec: object) => {
    const problem = problemIn(await api.post({ name: "hello", subsets: [], ...spec }), 422, "invalid-view");
    return problem.errors.map(({ pointer }: { pointer: string }) => pointer);
  };
  deepEqual(await asking({ idleSeconds: 29, maxLifetimeSeconds: 86_401 }), ["/idleSeconds", "/maxLifetimeSeconds"]);
  deepEqual(await asking({ idleSeconds: 7_201 }), ["/idleSeconds"]);
  equal((await api.post({ name: "hello", subsets: [], idleSeconds: 30, maxLifetimeSeconds: 86_400 })).status, 201);
});
