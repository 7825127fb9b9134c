import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { CompactEncrypt, decodeJwt, decodeProtectedHeader, importJWK, SignJWT, UnsecuredJWT } from "jose";
import type { Identity } from "../access/identity.ts";
import { SessionKeysError } from "../access/sessions.ts";
import { cookieOf, SessionWorld } from "./testing/session_world.ts";

const ADA: Identity = { user: "oidc:ada", email: "ada@example.com", groups: ["oidc:sales", "oidc:staff"] };

async function start() {
  const world = new SessionWorld();
  const { sessions, leftOut, keys } = await world.replica();
  return { world, sessions, leftOut, keys, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() };
}

Deno.test("a session of the base host comes back from its cookie", async () => {
  await using here = await start();
  const session = here.sessions.begun({ identity: ADA, by: "oidc" });
  const cookie = await here.sessions.baseCookie(session);
  match(cookie, /^__Host-session=[\w.-]+; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=43200$/);
  ok(!cookie.includes("ada"));
  deepEqual(await here.sessions.base(cookieOf(cookie)), session);
  equal(await here.sessions.base(null), undefined);
});

Deno.test("a view's cookie is a token that Envoy verifies, with claims for the pod", async () => {
  await using here = await start();
  const session = here.sessions.begun({ identity: ADA, by: "oidc" });
  const cookie = await here.sessions.viewCookie(session, "sales");
  match(cookie, /^__Host-view=[\w.-]+; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=43200$/);
  const token = cookieOf(cookie).slice("__Host-view=".length);
  const now = here.sessions.now;
  deepEqual(decodeJwt(token), {
    ...{ iss: "view-gateway", view: "sales", sub: "oidc:ada", email: "ada@example.com" },
    ...{
      groups: "oidc:sales,oidc:staff",
      auth_time: now,
      checked_at: now,
      until: now + 43_200,
      by: "oidc",
      exp: now + 600,
    },
  });
  const { alg, kid } = decodeProtectedHeader(token);
  equal(alg, "ES256");
  const { keys } = JSON.parse(here.sessions.jwks()!);
  deepEqual(keys.map((key: { kid: string; d?: string }) => [key.kid, key.d]), [[kid, undefined]]);
  deepEqual(await here.sessions.view(cookieOf(cookie), "sales"), { session, fresh: true, freshUntil: now + 600 });
});

Deno.test("a view's cookie opens no other view, whatever case the other's name is in", async () => {
  await using here = await start();
  const cookie = cookieOf(await here.sessions.viewCookie(here.sessions.begun({ identity: ADA, by: "oidc" }), "sales"));
  for (const view of ["hr", "SALES", "sales.hr", ""]) equal(await here.sessions.view(cookie, view), undefined);
});

Deno.test("after ten minutes a view's cookie is not fresh, and after the hard limit it is nothing", async () => {
  await using here = await start();
  const cookie = cookieOf(await here.sessions.viewCookie(here.sessions.begun({ identity: ADA, by: "oidc" }), "sales"));
  await here.world.pass(599_000);
  equal((await here.sessions.view(cookie, "sales"))?.fresh, true);
  await here.world.pass(1_000);
  equal((await here.sessions.view(cookie, "sales"))?.fresh, false);
  await here.world.pass(42_599_000);
  equal((await here.sessions.view(cookie, "sales"))?.fresh, false);
  await here.world.pass(1_000);
  equal(await here.sessions.view(cookie, "sales"), undefined);
});

Deno.test("a cookie whose rights were never asked for does not look as if they were known lately", async () => {
  await using here = await start();
  const session = here.sessions.begun({ identity: ADA, by: "oidc" });
  const found = await here.sessions.view(
    cookieOf(await here.sessions.viewCookieOf(session, "sales", "stale")),
    "sales",
  );
  deepEqual([found?.fresh, found?.freshUntil], [false, 1]);
});

Deno.test("the base host's cookie ends at the hard limit", async () => {
  await using here = await start();
  const cookie = cookieOf(await here.sessions.baseCookie(here.sessions.begun({ identity: ADA, by: "oidc" })));
  await here.world.pass(43_199_000);
  ok(await here.sessions.base(cookie));
  await here.world.pass(1_000);
  equal(await here.sessions.base(cookie), undefined);
});

Deno.test("of several cookies of one name each is tried", async () => {
  await using here = await start();
  const session = here.sessions.begun({ identity: ADA, by: "oidc" });
  const base = cookieOf(await here.sessions.baseCookie(session));
  deepEqual(await here.sessions.base(`a=b; __Host-session=evil; ${base}; __Host-session=`), session);
  const view = cookieOf(await here.sessions.viewCookie(session, "sales"));
  const other = cookieOf(await here.sessions.viewCookie(session, "hr"));
  deepEqual((await here.sessions.view(`${other}; ${view}`, "sales"))?.session, session);
});

Deno.test("what was made for one purpose is refused for any other", async () => {
  await using here = await start();
  const session = here.sessions.begun({ identity: ADA, by: "oidc" });
  const value = cookieOf(await here.sessions.baseCookie(session)).slice("__Host-session=".length);
  const ticket = await here.sessions.seal("ticket", { session }, 60);
  const attempt = await here.sessions.seal("sign-in", { session }, 60);
  for (const text of [ticket, attempt]) {
    equal(await here.sessions.base(`__Host-session=${text}`), undefined);
    equal(await here.sessions.view(`__Host-view=${text}`, "sales"), undefined);
  }
  for (const text of [value, attempt]) equal(await here.sessions.unseal("ticket", text), undefined);
  for (const text of [value, ticket]) equal(await here.sessions.unseal("sign-in", text), undefined);
  deepEqual(await here.sessions.unseal("ticket", ticket), { session });
});

Deno.test("forged tokens open no view: without a signature, by the public key as a secret, by another key", async () => {
  await using here = await start();
  const session = here.sessions.begun({ identity: ADA, by: "oidc" });
  const good = cookieOf(await here.sessions.viewCookie(session, "sales")).slice("__Host-view=".length);
  const claims = { ...decodeJwt(good), sub: "oidc:root" };
  const [jwk] = JSON.parse(here.sessions.jwks()!).keys;
  const header = { kid: jwk.kid, alg: "HS256" };
  const other = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign"]);
  const forged = [
    new UnsecuredJWT(claims).encode(),
    await new SignJWT(claims).setProtectedHeader(header).sign(new TextEncoder().encode(JSON.stringify(jwk))),
    await new SignJWT(claims).setProtectedHeader({ kid: jwk.kid, alg: "ES256" }).sign(
      (other as CryptoKeyPair).privateKey,
    ),
    await new SignJWT(claims).setProtectedHeader({ kid: "unknown", alg: "ES256" }).sign(
      (other as CryptoKeyPair).privateKey,
    ),
    [...good.split(".").slice(0, 1), btoa(JSON.stringify(claims)), ...good.split(".").slice(2)].join("."),
    good.split(".").slice(0, 2).join(".") + ".",
  ];
  for (const token of forged) equal(await here.sessions.view(`__Host-view=${token}`, "sales"), undefined);
  ok(await here.sessions.view(`__Host-view=${good}`, "sales"));
});

Deno.test("a text that is encrypted with a public value opens nothing", async () => {
  await using here = await start();
  const [jwk] = JSON.parse(here.sessions.jwks()!).keys;
  const text = await new CompactEncrypt(new TextEncoder().encode("{}"))
    .setProtectedHeader({ alg: "ECDH-ES", enc: "A256GCM", kid: jwk.kid })
    .encrypt(await importJWK({ ...jwk, alg: undefined, use: "enc" }, "ECDH-ES"));
  equal(await here.sessions.base(`__Host-session=${text}`), undefined);
  equal(await here.sessions.base(`__Host-session=${"x".repeat(100_000)}`), undefined);
});

Deno.test("somebody with 500 groups can sign in, and keeps those that views are shared with", async () => {
  await using here = await start();
  const groups = Array.from({ length: 500 }, () => `oidc:${crypto.randomUUID()}`);
  const [first, last] = [groups[0]!, groups[499]!];
  here.world.named.set(undefined, new Set([last]));
  here.world.named.set("sales", new Set([last]));
  const session = here.sessions.begun({ identity: { user: "oidc:eve", groups }, by: "oidc" });
  const base = await here.sessions.baseCookie(session);
  const view = await here.sessions.viewCookie(session, "sales");
  for (const cookie of [base, view]) ok(cookieOf(cookie).length <= 4_096 && cookieOf(cookie).length > 3_900);
  const held = [
    (await here.sessions.base(cookieOf(base)))!.identity.groups,
    (await here.sessions.view(cookieOf(view), "sales"))!.session.identity.groups,
  ];
  for (const kept of held) ok(kept.includes(last) && kept.includes(first) && kept.length > 50);
  equal(here.leftOut.length, 2);
});

Deno.test("a name or group that a header cannot tell is never changed into another one", async () => {
  await using here = await start();
  const groups = ["good", "oidc:a,system:masters", "oidc:a\r\nx-forwarded-user: root", " oidc:b", ""];
  const session = here.sessions.begun({ identity: { user: "oidc:ada", email: "a\0b", groups }, by: "oidc" });
  const cookie = cookieOf(await here.sessions.viewCookie(session, "sales"));
  deepEqual((await here.sessions.view(cookie, "sales"))?.session.identity, { user: "oidc:ada", groups: ["good"] });
  const bad = here.sessions.begun({ identity: { user: "oidc:a\nda", groups: [] }, by: "oidc" });
  for (const cookie of [await here.sessions.viewCookie(bad, "sales"), await here.sessions.baseCookie(bad)]) {
    match(cookie, /^__Host-(view|session)=; .*Max-Age=0$/);
  }
});

Deno.test("the token of a session is reviewed again after an hour, and never shown", async () => {
  await using here = await start();
  const identity = { user: "system:serviceaccount:a:b", groups: ["system:serviceaccounts"] };
  const session = here.sessions.begun({ identity, by: "token" });
  const cookie = cookieOf(await here.sessions.baseCookie(session, "the-token"));
  await here.world.pass(3_599_000);
  deepEqual(await here.sessions.base(cookie), session);
  await here.world.pass(1_000);
  const asked: string[] = [];
  here.world.confirm = (
    token,
  ) => (asked.push(token), { kind: "known", identity: { ...identity, groups: [] }, by: "token" });
  const renewed = await here.sessions.base(cookie);
  deepEqual([renewed?.identity.groups, renewed?.checkedAt, renewed?.until], [[], here.sessions.now, session.until]);
  deepEqual(asked, ["the-token"]);
  here.world.confirm = () => ({ kind: "refused", detail: "the service account is gone" });
  equal(await here.sessions.base(cookie), undefined);
  here.world.confirm = () => ({ kind: "known", identity: { ...identity, user: "somebody else" }, by: "token" });
  equal(await here.sessions.base(cookie), undefined);
  here.world.confirm = () => ({ kind: "unknown", detail: "The API server cannot be reached." });
  await rejects(here.sessions.base(cookie), SessionKeysError);
});

Deno.test("a token that is too long for a cookie gives a session of one hour", async () => {
  await using here = await start();
  const session = here.sessions.begun({ identity: ADA, by: "token" });
  const long = Array.from({ length: 150 }, () => crypto.randomUUID()).join("");
  const cookie = await here.sessions.baseCookie(session, long);
  match(cookie, /Max-Age=3600$/);
  ok(await here.sessions.base(cookieOf(cookie)));
  await here.world.pass(3_600_000);
  equal(await here.sessions.base(cookieOf(cookie)), undefined);
});

Deno.test("a sign-out counts at every gateway and in every browser, and the person can sign in again at once", async () => {
  await using here = await start();
  const other = await here.world.replica();
  // Its clock is a minute behind.
  const late = await here.world.replica(-60_000);
  const session = other.sessions.begun({ identity: ADA, by: "oidc" });
  const base = cookieOf(await other.sessions.baseCookie(session));
  const view = cookieOf(await other.sessions.viewCookie(session, "sales"));
  const bob = cookieOf(
    await other.sessions.baseCookie(other.sessions.begun({ identity: { user: "bob", groups: [] }, by: "oidc" })),
  );
  deepEqual(await here.keys.signOut(ADA.user, session.authTime), { kind: "written" });
  await here.world.settle();
  for (const { sessions } of [here, other, late]) {
    equal(await sessions.base(base), undefined);
    equal(await sessions.view(view, "sales"), undefined);
    ok(await sessions.base(bob));
    const again = sessions.begun({ identity: ADA, by: "oidc" });
    const cookie = cookieOf(await sessions.baseCookie(again));
    for (const { sessions } of [here, other, late]) ok(await sessions.base(cookie));
  }
});

Deno.test("a sign-out ends sessions that a gateway with a faster clock has begun", async () => {
  await using here = await start();
  const fast = await here.world.replica(30_000);
  const session = fast.sessions.begun({ identity: ADA, by: "oidc" });
  const cookie = cookieOf(await fast.sessions.baseCookie(session));
  await here.keys.signOut(ADA.user, session.authTime);
  equal(await here.sessions.base(cookie), undefined);
});

Deno.test("a smaller SESSION_SECONDS counts for sessions that go on", async () => {
  await using here = await start();
  const cookie = cookieOf(await here.sessions.baseCookie(here.sessions.begun({ identity: ADA, by: "oidc" })));
  here.world.sessionSeconds = 60;
  const strict = await here.world.replica();
  ok(await strict.sessions.base(cookie));
  await here.world.pass(60_000);
  equal(await strict.sessions.base(cookie), undefined);
  ok(await here.sessions.base(cookie));
});
