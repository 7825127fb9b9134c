import { deepEqual, equal, match, ok } from "node:assert/strict";
import { AuthWorld, Browser } from "./testing/browser.ts";

const ADA = { kind: "known", identity: { user: "ada", groups: [] }, by: "token" } as const;
const BASE = "https://views.example";
const SALES = "https://sales.views.example";

async function start() {
  const all = new AuthWorld();
  all.tokens = { "ada-token": ADA, "eve-token": { ...ADA, identity: { user: "eve", groups: [] } } };
  const gateway = await all.gateway();
  return { all, gateway, world: all.world, [Symbol.asyncDispose]: () => all[Symbol.asyncDispose]() };
}

/** A browser in which somebody has signed in at the base host. */
async function browserOf(gateway: Awaited<ReturnType<typeof start>>["gateway"], token = "ada-token"): Promise<Browser> {
  const browser = new Browser(gateway);
  equal((await browser.submit(`${BASE}/_auth/token`, { token })).status, 200);
  return browser;
}

/** The address with a ticket that the base host sends this browser to, which does not go there. */
async function ticketFor(browser: Browser, address = `${SALES}/`): Promise<string> {
  const toBase = await browser.open(address, { follow: 0 });
  const toView = await browser.open(toBase.headers.get("location")!, { follow: 0 });
  const ticket = toView.headers.get("location")!;
  match(ticket, /^https:\/\/sales\.views\.example\/_gate\/session\?ticket=/);
  return ticket;
}

Deno.test("after the sign-in a person gets to the page of the view that they wanted, with a cookie that the gate checks", async () => {
  await using here = await start();
  const browser = await browserOf(here.gateway);
  const visited = await browser.open(`${SALES}/reports?year=2026`);
  equal(visited.url, `${SALES}/reports?year=2026`);
  equal(visited.text, "sales /reports ada stale");
  ok(!browser.cookie("views.example").includes("__Host-view"));
});

Deno.test("any gateway takes a ticket that another one has given", async () => {
  await using here = await start();
  const other = await here.all.gateway();
  const browser = await browserOf(here.gateway);
  const ticket = await ticketFor(browser);
  equal((await browser.at(other).open(ticket)).text, "sales / ada stale");
});

Deno.test("a stolen ticket opens nothing in another browser, whether that has a nonce or not", async () => {
  await using here = await start();
  const ticket = await ticketFor(await browserOf(here.gateway));
  const other = new Browser(here.gateway);
  equal((await other.open(ticket)).status, 403);
  await other.open(`${SALES}/`, { follow: 0 });
  equal((await other.open(ticket)).status, 403);
  ok(!other.cookie("sales.views.example").includes("__Host-view"));
});

Deno.test("a ticket of the attacker's own session signs no other browser in", async () => {
  await using here = await start();
  const ticket = await ticketFor(await browserOf(here.gateway, "eve-token"));
  const victim = await browserOf(here.gateway);
  await victim.open(`${SALES}/`);
  equal((await victim.open(ticket)).status, 403);
  match((await victim.open(`${SALES}/`)).text, /ada/);
});

Deno.test("an attacker's nonce in the address of the hand-over opens nothing in the victim's browser", async () => {
  await using here = await start();
  const attacker = new Browser(here.gateway);
  const toBase = (await attacker.open(`${SALES}/`, { follow: 0 })).headers.get("location")!;
  const victim = await browserOf(here.gateway);
  const answer = await victim.open(toBase);
  equal(answer.status, 403);
  match(answer.text, /did not begin this sign-in/);
});

Deno.test("a ticket opens one view alone", async () => {
  await using here = await start();
  const browser = await browserOf(here.gateway);
  const ticket = new URL(await ticketFor(browser));
  // Even where both hosts have the same nonce.
  browser.jar.set("hr.views.example", new Map(browser.jar.get("sales.views.example")));
  ticket.host = "hr.views.example";
  equal((await browser.open(ticket.href)).status, 403);
  ticket.host = "views.example";
  equal((await browser.open(ticket.href)).text, "base /_gate/session ada");
});

Deno.test("a ticket is good for a minute", async () => {
  await using here = await start();
  const browser = await browserOf(here.gateway);
  const ticket = await ticketFor(browser);
  await here.world.pass(59_000);
  equal((await browser.open(ticket)).status, 200);
  await here.world.pass(1_000);
  equal((await browser.open(ticket)).status, 403);
});

Deno.test("a ticket from before a sign-out is good for nothing", async () => {
  await using here = await start();
  const browser = await browserOf(here.gateway);
  const ticket = await ticketFor(browser);
  await browser.submit(`${BASE}/_auth/sign-out`, {});
  equal((await browser.open(ticket)).status, 403);
});

Deno.test("a sealed text of another purpose is no ticket", async () => {
  await using here = await start();
  const browser = await browserOf(here.gateway);
  const session = /__Host-session=([^;]+)/.exec(browser.cookie("views.example"))![1]!;
  await browser.open(`${SALES}/`, { follow: 0 });
  for (const ticket of [session, "", "a.b.c.d.e", "x".repeat(20_000)]) {
    equal((await browser.open(`${SALES}/_gate/session?ticket=${ticket}`)).status, 403);
  }
});

Deno.test("two tabs sign in at the same time, whichever ends first", async () => {
  await using here = await start();
  const browser = await browserOf(here.gateway);
  const [one, two] = [await ticketFor(browser, `${SALES}/one`), await ticketFor(browser, `${SALES}/two`)];
  equal((await browser.open(two)).text, "sales /two ada stale");
  equal((await browser.open(one)).text, "sales /one ada stale");
});

Deno.test("a ticket leads to no other host, whatever path is put into its address", async () => {
  await using here = await start();
  const browser = await browserOf(here.gateway);
  const ticket = new URL(await ticketFor(browser));
  for (
    const path of ["//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example", "/.//evil.example"]
  ) {
    ticket.searchParams.set("path", path);
    equal((await browser.open(ticket.href)).status, 400, path);
  }
});

Deno.test("the hand-over knows existing views and its own addresses alone", async () => {
  await using here = await start();
  const browser = await browserOf(here.gateway);
  const nonce = "a".repeat(43);
  const statusOf = async (query: string) => (await browser.open(`${BASE}/_auth/open?${query}`, { follow: 0 })).status;
  equal(await statusOf(`view=sales&nonce=${nonce}&path=/`), 303);
  equal(await statusOf(`view=gone&nonce=${nonce}&path=/`), 404);
  for (
    const query of [
      `view=evil.example&nonce=${nonce}`,
      `view=sales.evil&nonce=${nonce}`,
      `view=SALES&nonce=${nonce}`,
      `view=sales&nonce=short`,
      `view=sales`,
      `nonce=${nonce}`,
      `view=sales&nonce=${nonce}&path=//evil.example`,
      `path=https://evil.example`,
    ]
  ) equal(await statusOf(query), 400, query);
});

Deno.test("a host that is not the gateway's gets no redirect", async () => {
  await using here = await start();
  for (
    const host of ["evil.example", "views.example.evil.example", "a.b.views.example", "views.example@evil.example"]
  ) {
    const request = new Request(`${BASE}/_auth/open?path=/`, { headers: { host, "x-forwarded-proto": "https" } });
    equal((await here.gateway.handOver.signIn(request)).status, 404, host);
  }
});

Deno.test("by http, where browsers keep no cookie, the sign-in says so and begins nothing", async () => {
  await using here = await start();
  const browser = new Browser(here.gateway);
  for (const address of ["http://sales.views.example/", "http://views.example/_auth/"]) {
    const answer = await browser.open(address);
    equal(answer.status, 403);
    match(answer.text, /needs https/);
    equal(answer.headers.get("set-cookie"), null);
  }
});

for (const [what, dest] of Object.entries({ "a frame": "iframe", "a script": "empty", "an image": "image" })) {
  Deno.test(`${what} on a view's page cannot run a sign-in unseen, to learn who the visitor is`, async () => {
    await using here = await start();
    const browser = await browserOf(here.gateway);
    const toBase = (await browser.open(`${SALES}/`, { follow: 0 })).headers.get("location")!;
    const headers = { "sec-fetch-site": "same-site", "sec-fetch-dest": dest };
    for (const address of [toBase, `${BASE}/_auth/login`, `${BASE}/_auth/callback?state=a&code=b`, `${BASE}/_auth/`]) {
      const { status, headers: answered } = await browser.open(address, { headers, follow: 0 });
      deepEqual([status, answered.get("location"), answered.get("set-cookie")], [403, null, null], address);
    }
    equal((await browser.open(toBase)).text, "sales / ada stale");
  });
}
