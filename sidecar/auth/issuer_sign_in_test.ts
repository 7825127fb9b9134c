import { deepEqual, equal, match, ok } from "node:assert/strict";
import { SignInError } from "../oidc/identity_provider.ts";
import { AuthWorld, Browser } from "./testing/browser.ts";

const BASE = "https://views.example";
const ADA = { user: "oidc:ada", groups: ["oidc:sales"] };
const HOUR = 3_600_000;

async function start() {
  const all = new AuthWorld();
  const gateway = await all.gateway();
  return {
    ...{ all, gateway, world: all.world, issuer: all.issuer, browser: new Browser(gateway) },
    [Symbol.asyncDispose]: () => all[Symbol.asyncDispose](),
  };
}

/** The address that the issuer sends a browser back to, from the address of its page. */
function backFrom(issuerPage: string): string {
  const { searchParams } = new URL(issuerPage);
  return `${searchParams.get("redirect_uri")}?code=code&state=${searchParams.get("state")}`;
}

/** Signs in at the issuer, from the page of the base host. */
async function signIn(browser: Browser, path = "/"): Promise<string> {
  const page = await browser.open(`${BASE}/_auth/?path=${encodeURIComponent(path)}`);
  const link = /<a id="issuer" href="([^"]+)"/.exec(page.text)![1]!.replaceAll("&amp;", "&");
  const atIssuer = await browser.open(BASE + link);
  match(
    atIssuer.url,
    /^https:\/\/issuer\.example\/authorize\?redirect_uri=https%3A%2F%2Fviews\.example%2F_auth%2Fcallback/,
  );
  return (await browser.open(backFrom(atIssuer.url))).text;
}

Deno.test("after the sign-in at the issuer a person gets to the page that they wanted, and no cookie of the attempt stays", async () => {
  await using here = await start();
  here.issuer.person = ADA;
  equal(await signIn(here.browser, "/console"), "base /console oidc:ada");
  match(here.browser.cookie("views.example"), /^__Host-session=[\w.-]+$/);
  deepEqual(here.gateway.audited, [{ action: "signed-in", user: "oidc:ada", by: "oidc" }]);
  deepEqual(here.issuer.begun, [{}]);
});

Deno.test("another gateway ends the attempt that one has begun", async () => {
  await using here = await start();
  here.issuer.person = ADA;
  const other = await here.all.gateway();
  const { url } = await here.browser.open(`${BASE}/_auth/login?path=/console`);
  equal((await here.browser.at(other).open(backFrom(url))).text, "base /console oidc:ada");
});

Deno.test("a callback with another's state, or without one, signs nobody in", async () => {
  await using here = await start();
  here.issuer.person = ADA;
  const attacker = new Browser(here.gateway);
  const stolen = backFrom((await attacker.open(`${BASE}/_auth/login`)).url);
  const own = backFrom((await here.browser.open(`${BASE}/_auth/login`)).url);
  for (const address of [stolen, `${BASE}/_auth/callback?code=code`, `${BASE}/_auth/callback?code=code&state=`]) {
    const answer = await here.browser.open(address);
    equal(answer.status, 403);
    match(answer.text, /did not begin this sign-in/);
  }
  equal((await here.browser.open(own)).status, 200);
  // The same address again is good for nothing.
  equal((await here.browser.open(own)).status, 403);
});

Deno.test("the cookie of one attempt is good for no other, under whatever name it comes", async () => {
  await using here = await start();
  here.issuer.person = ADA;
  const attacker = new Browser(here.gateway);
  const first = backFrom((await attacker.open(`${BASE}/_auth/login`)).url);
  const [value] = [...attacker.jar.get("views.example")!.values()];
  const second = backFrom((await here.browser.open(`${BASE}/_auth/login`)).url);
  const [name] = [...here.browser.jar.get("views.example")!.keys()];
  here.browser.jar.get("views.example")!.set(name!, value!);
  for (const address of [first, second]) equal((await here.browser.open(address)).status, 403);
});

Deno.test("several tabs sign in at the same time, and a browser keeps eight attempts at most", async () => {
  await using here = await start();
  here.issuer.person = ADA;
  const backs: string[] = [];
  for (let i = 0; i < 12; i++) backs.push(backFrom((await here.browser.open(`${BASE}/_auth/login?path=/${i}`)).url));
  equal(here.browser.jar.get("views.example")!.size, 8);
  equal((await here.browser.open(backs[0]!)).status, 403);
  equal((await here.browser.open(backs[11]!)).text, "base /11 oidc:ada");
  equal((await here.browser.open(backs[4]!)).text, "base /4 oidc:ada");
});

Deno.test("an attempt takes a quarter of an hour at most", async () => {
  await using here = await start();
  here.issuer.person = ADA;
  const back = backFrom((await here.browser.open(`${BASE}/_auth/login`)).url);
  await here.world.pass(900_000);
  equal((await here.browser.open(back)).status, 403);
});

Deno.test("a failure of the issuer is an answer with its status, and signs nobody in", async () => {
  await using here = await start();
  const failures = [
    ["issuer-unavailable", 503],
    ["client-refused", 500],
    ["refused", 403],
    ["claims", 403],
    ["attempt-mismatch", 400],
  ] as const;
  for (const [kind, status] of failures) {
    here.issuer.failure = undefined;
    const back = backFrom((await here.browser.open(`${BASE}/_auth/login`)).url);
    here.issuer.failure = new SignInError(kind, "This is why.");
    for (const address of [back, `${BASE}/_auth/login`]) {
      const answer = await here.browser.open(address);
      equal(answer.status, status);
      match(answer.text, /This is why\./);
    }
  }
  equal(here.browser.cookie("views.example"), "");
});

Deno.test("after an hour the issuer confirms the session silently, with the groups that it has then, and the hard limit stays", async () => {
  await using here = await start();
  here.issuer.person = ADA;
  await signIn(here.browser);
  const { sessions } = here.gateway.replica;
  const before = (await sessions.base(here.browser.cookie("views.example")))!;
  await here.world.pass(HOUR);
  here.issuer.person = { ...ADA, groups: [] };
  const atIssuer = await here.browser.open("https://sales.views.example/reports");
  match(atIssuer.url, /^https:\/\/issuer\.example/);
  deepEqual(here.issuer.begun.at(-1), { silent: true });
  equal((await here.browser.open(backFrom(atIssuer.url))).text, "sales /reports oidc:ada stale");
  const after = (await sessions.base(here.browser.cookie("views.example")))!;
  deepEqual(after, { ...before, identity: { ...ADA, groups: [] }, checkedAt: before.checkedAt + 3_600 });
  equal(here.gateway.audited.length, 1);
});

Deno.test("a person who is gone at the issuer has to sign in again at the next navigation after an hour", async () => {
  await using here = await start();
  here.issuer.person = ADA;
  await signIn(here.browser);
  await here.world.pass(HOUR);
  here.issuer.person = undefined;
  const atIssuer = await here.browser.open(`${BASE}/console`);
  const page = await here.browser.open(backFrom(atIssuer.url));
  equal(page.url, `${BASE}/_auth/?path=%2Fconsole`);
  match(page.text, /Sign in with your account/);
  equal(here.browser.cookie("views.example"), "");
});

Deno.test("while the issuer is away, signed-in people stay signed in until the hard limit, before and after the redirect", async () => {
  await using here = await start();
  here.issuer.person = ADA;
  await signIn(here.browser);
  await here.world.pass(HOUR);
  const atIssuer = await here.browser.open(`${BASE}/console`);
  here.issuer.failure = new SignInError("issuer-unavailable", "The issuer does not answer.");
  equal((await here.browser.open(backFrom(atIssuer.url))).text, "base /console oidc:ada");
  // For five minutes nobody asks again.
  here.issuer.begun.length = 0;
  equal((await here.browser.open("https://sales.views.example/")).text, "sales / oidc:ada stale");
  equal(here.issuer.begun.length, 0);
  for (let hour = 2; hour < 12; hour++) {
    await here.world.pass(HOUR - 1_000);
    equal((await here.browser.open(`${BASE}/console`)).text, "base /console oidc:ada", `hour ${hour}`);
  }
  await here.world.pass(HOUR + 10_000);
  equal((await here.browser.open(`${BASE}/console`)).text, "base /console undefined");
});

Deno.test("an issuer that refuses to confirm a session ends it", async () => {
  await using here = await start();
  here.issuer.person = ADA;
  await signIn(here.browser);
  await here.world.pass(HOUR);
  const atIssuer = await here.browser.open(`${BASE}/console`);
  here.issuer.failure = new SignInError("refused", "The issuer has said no.");
  equal((await here.browser.open(backFrom(atIssuer.url))).status, 403);
  equal(here.browser.cookie("views.example"), "");
});

Deno.test("a person who signs out while the session is confirmed stays signed out", async () => {
  await using here = await start();
  here.issuer.person = ADA;
  await signIn(here.browser);
  await here.world.pass(HOUR);
  const atIssuer = await here.browser.open(`${BASE}/console`);
  await here.browser.submit(`${BASE}/_auth/sign-out`, {});
  const page = await here.browser.open(backFrom(atIssuer.url));
  match(page.url, /\/_auth\/\?path=%2Fconsole$/);
  ok(!here.browser.cookie("views.example").includes("__Host-session"));
});

Deno.test("a name that headers cannot hold signs nobody in", async () => {
  await using here = await start();
  here.issuer.person = { user: "oidc:a\nda", groups: [] };
  const back = backFrom((await here.browser.open(`${BASE}/_auth/login`)).url);
  equal((await here.browser.open(back)).status, 403);
  equal(here.browser.cookie("views.example"), "");
});
