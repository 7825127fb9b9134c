import { deepEqual, equal } from "node:assert/strict";
import type { ViewState } from "../view/state.ts";
import { viewState } from "../view/testing/view_state.ts";
import type { AuditEntry } from "./audit_entry.ts";
import type { Bearer } from "./bearer_tokens.ts";
import { GATEWAY, type Identity } from "./identity.ts";
import type { Opening } from "./opening.ts";
import { Openings, STAYS_IN } from "./openings.ts";
import type { Ruling } from "./rights.ts";
import { SESSION_RENEWAL, type ViewSession } from "./sessions.ts";
import { ALICE, NO_KEYS, PRESENT, rightsOf, ROBOT, sessionOf, sessionsOf, tokensOf } from "./testing/people.ts";
import { bearer, tokenWith } from "./testing/tokens.ts";

const VIEW = viewState(undefined, { name: "hello" });
const PUBLIC = viewState(undefined, { name: "hello", public: true });
const COOKIE = "__Host-view=old";
const TOKEN = bearer(tokenWith({ aud: "view-gateway" }));
const KNOWN: Bearer = { kind: "known", identity: ROBOT, until: PRESENT + 60 };
const AWAY: Ruling = { kind: "unknown", detail: "The API server cannot be reached." };
const ALLOWED: Ruling = { kind: "allowed", why: "rbac" };
const FORBIDDEN: Ruling = { kind: "forbidden", detail: "No." };

interface World {
  readonly ruling?: Ruling;
  readonly sessions?: Readonly<Record<string, Partial<ViewSession> | Error>>;
  readonly bearer?: Bearer;
  readonly view?: ViewState | undefined;
  readonly navigation?: boolean;
  readonly method?: string;
  readonly verified?: Identity;
}

/** Asks for a view with these headers, in a world where Alice's cookie has just expired and a robot has a token. */
async function open(headers: Record<string, string>, world: World = {}) {
  const { ruling = ALLOWED, sessions = { [COOKIE]: {} }, bearer = KNOWN, navigation = false, method = "GET" } = world;
  const { verified = ALICE } = world;
  const written: AuditEntry[] = [];
  const rights = rightsOf(ruling);
  const openings = new Openings({
    rights,
    tokens: tokensOf({ [TOKEN.authorization]: bearer, "Bearer foreign": { kind: "foreign" } }),
    sessions: sessionsOf(sessions),
    verified: (headers, view) => headers.get("x-view") === view ? verified : undefined,
    audit: (entry) => written.push(entry),
    onOpened: (entry) => written.push({ ...entry, action: "opened" }),
    sessionSeconds: 43_200,
    now: () => PRESENT * 1000,
  });
  const head = {
    name: "hello",
    view: "view" in world ? world.view : VIEW,
    method,
    headers: new Headers({ host: "hello.localhost", ...headers }),
    navigation,
  };
  const opening = await openings.mayOpen(head, new AbortController().signal);
  return { opening, asked: rights.asked, written };
}

/** What became of it, in a few words. */
function said(opening: Opening): string {
  if (opening.kind === "denied") return opening.denial.kind;
  return ["open", opening.identity?.user ?? "nobody", ...opening.setCookie ? ["new cookie"] : []].join(", ");
}

async function outcome(headers: Record<string, string>, world?: World): Promise<string> {
  return said((await open(headers, world)).opening);
}

Deno.test("a user whom Envoy has verified passes without another question", async () => {
  const { opening, asked, written } = await open({ "x-view": "hello" }, { ruling: FORBIDDEN });
  deepEqual([said(opening), asked, written], ["open, oidc:alice", [], []]);
});

Deno.test("a user whom Envoy has verified for another view is anonymous here", async () => {
  equal(await outcome({ "x-view": "other" }), "sign-in");
});

Deno.test("the gateway reads the buckets of a view that has just been created", async () => {
  const view = { ...VIEW, createdAt: since(1), owner: "oidc:bob" };
  const { opening, asked } = await open({ "x-view": "hello" }, { ruling: FORBIDDEN, view, verified: GATEWAY });
  deepEqual([said(opening), asked], ["open, system:view-gateway", []]);
});

Deno.test("an expired cookie is renewed if its person may still open the view", async () => {
  const { opening, asked, written } = await open({ cookie: COOKIE });
  equal(said(opening), "open, oidc:alice, new cookie");
  deepEqual(asked, ["oidc:alice open hello"]);
  deepEqual(written, [{ action: "opened", user: "oidc:alice", view: "hello", by: "oidc", reason: "rbac" }]);
  const denied = await open({ cookie: COOKIE }, { ruling: FORBIDDEN, view: { ...VIEW, owner: "oidc:bob" } });
  deepEqual(denied.opening, {
    kind: "denied",
    denial: { kind: "forbidden", view: "hello", user: "oidc:alice", owner: "oidc:bob" },
  });
  deepEqual(denied.written.map(({ action, reason }) => [action, reason]), [["denied", "forbidden"]]);
});

Deno.test("a fresh cookie that Envoy has not seen, being the second of its name, counts without a question", async () => {
  const { opening, asked } = await open({ cookie: COOKIE }, { sessions: { [COOKIE]: { fresh: true } } });
  deepEqual([said(opening), asked], ["open, oidc:alice", []]);
});

Deno.test("a cookie that is forged, over or signed out is none", async () => {
  equal(await outcome({ cookie: "__Host-view=forged" }), "sign-in");
});

Deno.test("a navigation has an old session confirmed at the base host, and nothing else is interrupted for that", async () => {
  const sessions = { [COOKIE]: { session: sessionOf(ALICE, { checkedAt: PRESENT - SESSION_RENEWAL }) } };
  equal(await outcome({ cookie: COOKIE }, { sessions, navigation: true }), "sign-in");
  // Whose groups have changed may find out by signing in again.
  equal(await outcome({ cookie: COOKIE }, { sessions, navigation: true, ruling: FORBIDDEN }), "sign-in");
  equal(await outcome({ cookie: COOKIE }, { sessions, navigation: true, ruling: AWAY }), "open, oidc:alice");
  equal(await outcome({ cookie: COOKIE }, { sessions, navigation: true, view: PUBLIC }), "open, oidc:alice");
  equal(await outcome({ cookie: COOKIE }, { sessions }), "open, oidc:alice, new cookie");
  const recent = { [COOKIE]: { session: sessionOf(ALICE, { checkedAt: PRESENT - SESSION_RENEWAL + 1 }) } };
  equal(await outcome({ cookie: COOKIE }, { sessions: recent, navigation: true }), "open, oidc:alice, new cookie");
});

Deno.test("while Kubernetes is away, a user keeps a view for an hour without a new cookie, and others get 503", async () => {
  equal(await outcome({ cookie: COOKIE }, { ruling: AWAY }), "open, oidc:alice");
  const expired = (seconds: number) => ({ [COOKIE]: { freshUntil: PRESENT - seconds } });
  equal(await outcome({ cookie: COOKIE }, { ruling: AWAY, sessions: expired(STAYS_IN) }), "open, oidc:alice");
  equal(await outcome({ cookie: COOKIE }, { ruling: AWAY, sessions: expired(STAYS_IN + 1) }), "access-unknown");
  equal(await outcome(TOKEN, { ruling: AWAY }), "access-unknown");
  equal(await outcome(TOKEN, { bearer: { kind: "unknown", detail: "It is away." } }), "access-unknown");
  equal(await outcome({}, { ruling: AWAY }), "sign-in");
});

Deno.test("a program with a token gets a cookie too, and the view does not get the token", async () => {
  const { opening } = await open({ ...TOKEN, cookie: `a=1; ${COOKIE}` });
  deepEqual(opening, {
    kind: "open",
    identity: ROBOT,
    setCookie: `__Host-view=${ROBOT.user}@hello`,
    cookie: "a=1",
    withoutAuthorization: true,
  });
});

Deno.test("a token counts before an expired cookie, and a bad one is not made good by it", async () => {
  equal(await outcome({ ...TOKEN, cookie: COOKIE }), `open, ${ROBOT.user}, new cookie`);
  const refused: Bearer = { kind: "refused", detail: "It has expired." };
  const { opening } = await open({ ...TOKEN, cookie: COOKIE }, { bearer: refused });
  deepEqual(opening, { kind: "denied", denial: { kind: "sign-in", view: "hello", detail: "It has expired." } });
});

Deno.test("a view never gets the gateway's token, however its sender is known", async () => {
  for (const headers of [{ "x-view": "hello", ...TOKEN }, { ...TOKEN, cookie: COOKIE }, TOKEN]) {
    const { opening } = await open(headers, { view: PUBLIC, bearer: { kind: "refused", detail: "No." } });
    equal(opening.kind === "open" && opening.withoutAuthorization, true);
  }
});

Deno.test("a view's own token goes on to it, and opens nothing by itself", async () => {
  const { opening } = await open({ authorization: "Bearer foreign", cookie: COOKIE });
  equal(opening.kind === "open" && !opening.withoutAuthorization, true);
  equal(await outcome({ authorization: "Bearer foreign" }), "sign-in");
  equal(await outcome({ authorization: "Basic YTpi" }, { view: PUBLIC }), "open, nobody");
});

Deno.test("everybody opens a public view, and a signed-in user is known there", async () => {
  equal(await outcome({}, { view: PUBLIC }), "open, nobody");
  equal(await outcome({ cookie: COOKIE }, { view: PUBLIC }), "open, oidc:alice, new cookie");
  equal(await outcome(TOKEN, { view: PUBLIC, bearer: { kind: "unknown", detail: "It is away." } }), "open, nobody");
});

const SIBLING = { "sec-fetch-site": "same-site", "sec-fetch-mode": "cors", "sec-fetch-dest": "empty" };

Deno.test("another host's page opens nothing by a person's cookie", async () => {
  equal(await outcome({ ...SIBLING, "x-view": "hello" }), "cross-site");
  equal(await outcome({ ...SIBLING, cookie: COOKIE }), "cross-site");
  equal(await outcome({ origin: "null", cookie: COOKIE }, { method: "POST" }), "cross-site");
  equal(await outcome({ upgrade: "websocket", origin: "http://evil.localhost", cookie: COOKIE }), "cross-site");
  equal(await outcome(SIBLING), "sign-in");
  // A token is no ambient right: the page that sends it has it.
  equal(await outcome({ ...SIBLING, ...TOKEN }), `open, ${ROBOT.user}, new cookie`);
});

Deno.test("at a public view a request from another host's page is anonymous, whatever its cookie", async () => {
  equal(await outcome({ ...SIBLING, "x-view": "hello" }, { view: PUBLIC }), "open, nobody");
  equal(await outcome({ ...SIBLING, cookie: COOKIE }, { view: PUBLIC }), "open, nobody");
});

Deno.test("without a session, a name without a view looks like a view", async () => {
  deepEqual((await open({}, { view: undefined })).opening, (await open({})).opening);
  equal(await outcome({ cookie: "__Host-view=forged" }, { view: undefined }), "sign-in");
  equal(await outcome(TOKEN, { view: undefined, ruling: FORBIDDEN }), `open, ${ROBOT.user}`);
  equal(await outcome({ cookie: COOKIE }, { view: undefined }), "open, oidc:alice");
});

Deno.test("without session keys a person gets 503, and not a sign-in", async () => {
  equal(await outcome({ cookie: COOKIE }, { sessions: { [COOKIE]: NO_KEYS } }), "access-unknown");
  equal(await outcome({ cookie: COOKIE }, { sessions: { [COOKIE]: NO_KEYS }, view: PUBLIC }), "open, nobody");
});

const since = (seconds: number) => new Date((PRESENT - seconds) * 1000).toISOString();

Deno.test("a fresh cookie is older than a view of ten minutes, perhaps another's of that name: the rights are asked", async () => {
  const young = { ...VIEW, createdAt: since(599), owner: "oidc:bob" };
  for (
    const [headers, sessions] of [[{ "x-view": "hello" }, {}], [{ cookie: COOKIE }, {
      [COOKIE]: { fresh: true },
    }]] as const
  ) {
    const of = (ruling: Ruling) => outcome(headers, { view: young, ruling, sessions });
    deepEqual([await of(ALLOWED), await of(FORBIDDEN), await of(AWAY)], [
      "open, oidc:alice",
      "forbidden",
      "access-unknown",
    ]);
    const old = { ...young, createdAt: since(600) };
    equal(await outcome(headers, { view: old, ruling: FORBIDDEN, sessions }), "open, oidc:alice");
  }
});

Deno.test("while Kubernetes is away, a user keeps only the views that they had opened", async () => {
  const at = (seconds: number) =>
    outcome({ cookie: COOKIE }, { ruling: AWAY, view: { ...VIEW, createdAt: since(seconds) } });
  // The cookie was made ten minutes before its end, which is ten seconds ago.
  deepEqual([await at(610), await at(609)], ["open, oidc:alice", "access-unknown"]);
});
