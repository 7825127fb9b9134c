import { deepEqual, equal, match } from "node:assert/strict";
import type { V1Service } from "@kubernetes/client-node";
import type { ViewState } from "../view/state.ts";
import { believing, rightsWith } from "./testing/people.ts";
import { forbiddenIn, listIn, problemIn, startApiFor, startApiWith, viewIn, viewNamed } from "./testing/views_api.ts";

const owned = (name: string, owner: string, spec: object = {}): ViewState => ({
  ...viewNamed(name),
  owner,
  spec: { subsets: [], ...spec },
});
const alices = owned("alices", "oidc:alice");
const shared = owned("shared", "oidc:alice", { access: { users: ["oidc:bob"], groups: ["oidc:sales"] } });
const everyones = owned("everyones", "oidc:alice", { access: { everyone: true } });
const open: ViewState = { ...owned("open", "oidc:alice", { public: true }), public: true };
const start = () =>
  startApiFor(
    { "oidc:root": ["list", "get", "create", "patch", "delete", "open"], "oidc:carol": ["create"] },
    alices,
    shared,
    everyones,
    open,
  );

/** Everything that the API does, for this view. */
const REQUESTS = [
  ["GET", "/_api/views", undefined],
  ["GET", "/_api/views/alices", undefined],
  ["POST", "/_api/views", { name: "new", subsets: [] }],
  ["PATCH", "/_api/views/alices", { idleSeconds: 90 }],
  ["DELETE", "/_api/views/alices", undefined],
  ["POST", "/_api/views/alices/restart", undefined],
  ["POST", "/_api/views/alices/sleep", undefined],
  ["POST", "/_api/views/alices/wake", undefined],
] as const;

Deno.test("a request without a proof gets 401, as does a view's pod without a token, and nothing is written", async () => {
  const api = start();
  for (const [method, path, body] of REQUESTS) {
    const answer = await api.send(undefined, method, path, body);
    match(
      problemIn(answer, 401, "sign-in").detail,
      /kubectl create token NAME --namespace=NAMESPACE --audience=view-gateway/,
    );
    equal(answer.headers.get("www-authenticate"), "Bearer");
  }
  for (const path of ["/_api/views/nope", "/_api/nothing"]) {
    problemIn(await api.send(undefined, "GET", path), 401, "sign-in");
  }
  deepEqual(api.written, []);
  deepEqual(api.audited[2], { action: "denied", user: "system:anonymous", reason: "sign-in" });
});

Deno.test("a token that is not good gets 401 with the cause, and one that cannot be reviewed gets 503", async () => {
  const api = start();
  for (const [method, path, body] of REQUESTS) {
    const refused = await api.send("refused", method, path, body);
    match(problemIn(refused, 401, "invalid-token").detail, /expired/);
    equal(refused.headers.get("www-authenticate"), 'Bearer error="invalid_token"');
    const unknown = await api.send("unknown", method, path, body);
    equal(problemIn(unknown, 503, "access-unknown").detail, "The API server is away.");
    equal(unknown.headers.get("retry-after"), "2");
  }
  deepEqual(api.written, []);
});

Deno.test("a user without rights may do nothing with another's view, and the answer names its owner", async () => {
  const api = start();
  for (const [method, path, body] of REQUESTS.slice(1)) {
    match(forbiddenIn(await api.send("oidc:mallory", method, path, body)).detail, /oidc:mallory may not/);
  }
  deepEqual(api.written, []);
  deepEqual(api.audited.map(({ action, verb, view, reason }) => [action, verb, view, reason]), [
    ["denied", "get", "alices", "forbidden"],
    ["denied", "create", undefined, "forbidden"],
    ["denied", "patch", "alices", "forbidden"],
    ["denied", "delete", "alices", "forbidden"],
    ["denied", "patch", "alices", "forbidden"],
    ["denied", "patch", "alices", "forbidden"],
    ["denied", "open", "alices", "forbidden"],
  ]);
});

Deno.test("the owner reads, changes, shares, restarts and deletes their view", async () => {
  const api = start();
  equal((await api.send("oidc:alice", "GET", "/_api/views/alices")).status, 200);
  equal(
    (await api.send("oidc:alice", "PATCH", "/_api/views/alices", { access: { groups: ["oidc:sales"] } })).status,
    200,
  );
  equal((await api.send("oidc:alice", "POST", "/_api/views/alices/restart")).status, 202);
  equal((await api.send("oidc:alice", "DELETE", "/_api/views/alices")).status, 204);
  deepEqual(api.audited.map(({ action, verb, reason }) => [action, verb, reason]), [
    ["changed", "patch", "owner"],
    ["changed", "restart", "owner"],
    ["deleted", "delete", "owner"],
  ]);
});

Deno.test("a user with whom a view is shared reads it, and cannot change, share or delete it", async () => {
  const api = start();
  equal((await api.send("oidc:bob", "GET", "/_api/views/shared")).status, 200);
  for (
    const body of [{ access: { everyone: true } }, { access: { users: ["oidc:bob", "oidc:mallory"] } }, { subsets: [] }]
  ) {
    forbiddenIn(await api.send("oidc:bob", "PATCH", "/_api/views/shared", body));
  }
  forbiddenIn(await api.send("oidc:bob", "DELETE", "/_api/views/shared"));
  forbiddenIn(await api.send("oidc:bob", "POST", "/_api/views/shared/restart"));
  forbiddenIn(await api.send("oidc:bob", "POST", "/_api/views/shared/sleep"));
  deepEqual(api.written, []);
});

Deno.test("a user who may open a view wakes it, and reads its spec only where they may see it", async () => {
  const api = start();
  const wake = async (who: string, name: string) => {
    const answer = await api.send(who, "POST", `/_api/views/${name}/wake`);
    return [answer.status, Object.keys(viewIn(answer)).toSorted().join()];
  };
  const some = "createdAt,name,phase,route";
  deepEqual(await wake("oidc:bob", "open"), [202, some]);
  deepEqual(await wake("oidc:bob", "shared"), [202, "access,createdAt,effective,name,owner,phase,route,subsets"]);
  deepEqual(api.written, [["start", "open"], ["start", "shared"]]);
  deepEqual(api.audited.map(({ action, verb, view, reason }) => [action, verb, view, reason]), [
    ["opened", "wake", "open", "public"],
    ["opened", "wake", "shared", "access"],
  ]);
});

Deno.test("a user who may only open a public view does not read its spec", async () => {
  forbiddenIn(await start().send("oidc:bob", "GET", "/_api/views/open"));
});

Deno.test("a list shows all views to users who may list them, and to others what they own or share", async () => {
  const api = start();
  const namesFor = async (who: string) =>
    listIn(await api.send(who, "GET", "/_api/views")).items.map(({ name }) => name);
  deepEqual(await namesFor("oidc:root"), ["alices", "everyones", "open", "shared"]);
  deepEqual(await namesFor("oidc:alice"), ["alices", "everyones", "open", "shared"]);
  deepEqual(await namesFor("oidc:bob"), ["everyones", "shared"]);
  deepEqual(await namesFor("oidc:mallory"), ["everyones"]);
  // The tests' authenticator gives this person the group that the view is shared with.
  deepEqual(await namesFor("oidc:sam in oidc:sales"), ["everyones", "shared"]);
  const { items, next } = listIn(await api.send("oidc:bob", "GET", "/_api/views?limit=1"));
  deepEqual([items.length, next], [1, "/_api/views?limit=1&after=everyones"]);
  equal(listIn(await api.send("oidc:bob", "GET", next!)).next, undefined);
});

Deno.test("where there are few views, a list also shows those that a Role names", async () => {
  const namesFor = async (...states: ViewState[]) => {
    const api = startApiFor({ "oidc:anna": ["get alices", "open alices", "get open", "open everyones"] }, ...states);
    return listIn(await api.send("oidc:anna", "GET", "/_api/views?limit=1000")).items.map(({ name }) => name);
  };
  deepEqual(await namesFor(alices, shared, everyones, open), ["alices", "everyones", "open"]);
  const many = Array.from({ length: 97 }, (_, i) => owned(`other-${i}`, "oidc:bob"));
  deepEqual(await namesFor(alices, shared, everyones, ...many), ["alices", "everyones"]);
  deepEqual(await namesFor(alices, shared, everyones, open, ...many), ["everyones"]);
});

Deno.test("where there are many views, a list asks Kubernetes one question", async () => {
  const states = Array.from({ length: 300 }, (_, i) => owned(`view-${i}`, i % 100 === 7 ? "oidc:bob" : "oidc:alice"));
  const rights = rightsWith({});
  const api = startApiWith({ authenticator: believing, rights }, ...states);
  const { items } = listIn(await api.send("oidc:bob", "GET", "/_api/views"));
  deepEqual(items.map(({ name }) => name), ["view-107", "view-207", "view-7"]);
  deepEqual(rights.asked, ["list undefined"]);
});

Deno.test("no list is given while Kubernetes cannot say what the person may see", async () => {
  problemIn(await start().send("oidc:unreviewed", "GET", "/_api/views"), 503, "access-unknown");
});

Deno.test("the user who creates a view owns it, by their name in Kubernetes, and may share it", async () => {
  const api = start();
  const answer = await api.send("oidc:carol", "POST", "/_api/views", { name: "new", subsets: [] });
  equal(answer.status, 201);
  equal(viewIn(answer).owner, "oidc:carol");
  const { metadata } = api.written[0] as V1Service;
  equal(metadata?.annotations?.["view.yolean.se/owner"], "oidc:carol");
  deepEqual(api.audited, [{
    action: "created",
    user: "oidc:carol",
    view: "new",
    verb: "create",
    by: "token",
    reason: "rbac",
  }]);
});

Deno.test("an owner's name may have odd characters, and stays as it is", async () => {
  for (const user of ["oidc:Zoë", 'oidc:"a\\b"', "oidc:a, b", "oidc: x ", "oidc:用户", "oidc:<b>"]) {
    const api = startApiFor({ [user]: ["create"] });
    equal((await api.send(user, "POST", "/_api/views", { name: "new", subsets: [] })).status, 201);
    equal((api.written[0] as V1Service).metadata?.annotations?.["view.yolean.se/owner"], user);
  }
});

Deno.test("a view has no owner where nobody signs in", async () => {
  const api = startApiFor({ "system:anonymous": ["create"] });
  const answer = await api.send("system:anonymous", "POST", "/_api/views", { name: "new", subsets: [] });
  equal(viewIn(answer).owner, undefined);
  deepEqual(Object.keys((api.written[0] as V1Service).metadata?.annotations ?? {}), ["view.yolean.se/spec"]);
});

Deno.test("pages of other origins cannot use a person's session, though the browser sends its cookie", async () => {
  const api = start();
  for (
    const headers of [{ origin: "http://evil.localhost:8080" }, { "sec-fetch-site": "cross-site" }, { origin: "null" }]
  ) {
    for (const [method, path, body] of REQUESTS.filter(([method]) => method !== "GET")) {
      problemIn(await api.send("oidc:root", method, path, body, headers), 403, "cross-origin");
    }
  }
  deepEqual(api.written, []);
});
