import { deepEqual, equal, match, ok } from "node:assert/strict";
import { cookieOf } from "../session/testing/session_world.ts";
import { AuthWorld, Browser } from "./testing/browser.ts";

const ADA = { kind: "known", identity: { user: "ada", groups: [] }, by: "token" } as const;
const BASE = "https://views.example";

async function start() {
  const all = new AuthWorld();
  all.hasIssuer = false;
  all.tokens = { "ada-token": ADA };
  const gateway = await all.gateway();
  return {
    all,
    gateway,
    world: all.world,
    browser: new Browser(gateway),
    [Symbol.asyncDispose]: () => all[Symbol.asyncDispose](),
  };
}

Deno.test("a person signs in with a token at the page that a view redirects to, and gets to the view", async () => {
  await using here = await start();
  const page = await here.browser.open("https://sales.views.example/reports");
  equal(page.status, 200);
  match(page.text, /<form id="token-form" method="post" action="\/_auth\/token"/);
  ok(!page.text.includes("Sign in with your account"));
  match(page.headers.get("content-security-policy")!, /form-action 'self' https:\/\/\*\.views\.example;/);
  const members = Object.fromEntries(
    [...page.text.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g)].map((
      [, name, value],
    ) => [name!, value!]),
  );
  const opened = await here.browser.submit(`${BASE}/_auth/token`, { ...members, token: " ada-token\n" });
  equal(opened.text, "sales /reports ada stale");
  deepEqual(here.gateway.audited, [{ action: "signed-in", user: "ada", by: "token" }]);
});

Deno.test("the session lasts no longer than the token", async () => {
  await using here = await start();
  here.all.tokens = { "ada-token": { ...ADA, until: Math.floor(here.world.now / 1000) + 100 } };
  const answer = await here.browser.open(`${BASE}/_auth/token`, {
    form: { token: "ada-token" },
    headers: { origin: BASE, "sec-fetch-site": "same-origin" },
    follow: 0,
  });
  match(answer.headers.get("set-cookie")!, /Max-Age=100$/);
  await here.world.pass(100_000);
  equal(await here.gateway.replica.sessions.base(cookieOf(answer.headers.get("set-cookie")!)), undefined);
});

Deno.test("a token that is refused, unknown, expired or missing signs nobody in, and is not shown again", async () => {
  await using here = await start();
  here.all.tokens = {
    away: { kind: "unknown", detail: "The API server cannot be reached." },
    old: { ...ADA, until: Math.floor(here.world.now / 1000) },
    odd: { ...ADA, identity: { user: "a\nb", groups: [] } },
  };
  const statuses: Record<string, number> = {};
  for (const token of ["bad-token", "away", "old", "odd", " ", "a b", "päss"]) {
    const answer = await here.browser.submit(`${BASE}/_auth/token`, { token, path: "/reports" });
    statuses[token] = answer.status;
    match(answer.text, /<p id="notice" class="bad"/);
    ok(!answer.text.includes("bad-token"));
    match(answer.text, /name="path" value="\/reports"/);
  }
  deepEqual(statuses, { "bad-token": 401, away: 503, old: 401, odd: 403, " ": 401, "a b": 401, "päss": 401 });
  equal(here.browser.cookie("views.example"), "");
  deepEqual(here.gateway.audited, []);
});

Deno.test("a form of a sibling's page, another site's or an unknown one signs nobody in or out", async () => {
  await using here = await start();
  const foreign: Readonly<Record<string, string>>[] = [
    { origin: "https://evil.views.example", "sec-fetch-site": "same-site" },
    { origin: "https://evil.example", "sec-fetch-site": "cross-site" },
    { origin: "null", "sec-fetch-site": "cross-site" },
    { origin: "null", "sec-fetch-site": "none" },
    { origin: "https://evil.views.example", "sec-fetch-site": "same-origin" },
    { origin: BASE, "sec-fetch-site": "same-site" },
    { "sec-fetch-site": "same-site" },
    { "sec-fetch-site": "none" },
  ];
  for (const headers of foreign) {
    for (const path of ["token", "sign-out"]) {
      const answer = await here.browser.open(`${BASE}/_auth/${path}`, { form: { token: "ada-token" }, headers });
      equal(answer.status, 403, JSON.stringify(headers));
      match(answer.text, /own pages may send this form/);
    }
  }
  for (
    const origin of [
      "null",
      "https://evil.views.example",
      "http://views.example",
      "https://views.example:444",
      undefined,
    ]
  ) {
    const headers = { host: "views.example", "x-forwarded-proto": "https", ...origin !== undefined && { origin } };
    const body = new URLSearchParams({ token: "ada-token" });
    const answer = await here.gateway.handler(new Request(`${BASE}/_auth/token`, { method: "POST", headers, body }));
    equal(answer.status, 403, origin ?? "no Origin");
  }
  equal(here.browser.cookie("views.example"), "");
});

Deno.test("the page's own form counts, also where its Referrer-Policy hides the origin", async () => {
  await using here = await start();
  for (
    const headers of [{ origin: "null", "sec-fetch-site": "same-origin" }, {
      origin: BASE,
      "sec-fetch-site": "same-origin",
    }]
  ) {
    equal(
      (await here.browser.open(`${BASE}/_auth/token`, { form: { token: "ada-token" }, headers, follow: 0 })).status,
      303,
    );
  }
});

Deno.test("the page sends a link's token by itself only if no other page led to it, and nobody is signed in", async () => {
  await using here = await start();
  const direct = async (site: string) =>
    /data-direct="(\w+)"/.exec(
      (await here.browser.open(`${BASE}/_auth/`, { headers: { "sec-fetch-site": site } })).text,
    )![1];
  equal(await direct("none"), "true");
  equal(await direct("same-origin"), "true");
  equal(await direct("same-site"), "false");
  equal(await direct("cross-site"), "false");
  const old = new Request(`${BASE}/_auth/`, { headers: { host: "views.example", "x-forwarded-proto": "https" } });
  match(await (await here.gateway.handler(old)).text(), /data-direct="false"/);
  await here.browser.submit(`${BASE}/_auth/token`, { token: "ada-token" });
  equal(await direct("none"), "false");
});

Deno.test("a body that is too large, or no form, is refused", async () => {
  await using here = await start();
  equal((await here.browser.submit(`${BASE}/_auth/token`, { token: "a".repeat(40_000) })).status, 413);
  const headers = {
    host: "views.example",
    "x-forwarded-proto": "https",
    origin: BASE,
    "content-type": "application/json",
  };
  const json = new Request(`${BASE}/_auth/token`, { method: "POST", headers, body: '{"token":"ada-token"}' });
  equal((await here.gateway.handler(json)).status, 415);
});

Deno.test("a wrong path or method says so", async () => {
  await using here = await start();
  equal((await here.browser.open(`${BASE}/_auth/nothing`)).status, 404);
  equal((await here.browser.open(`${BASE}/_auth/token`)).status, 405);
  equal((await here.browser.open(`${BASE}/_auth/sign-out`)).status, 405);
  equal((await here.browser.open(`${BASE}/_auth/callback?state=a&code=b`)).status, 404);
  equal((await here.browser.open(`${BASE}/_auth`)).status, 200);
});

Deno.test("a navigation of the base host has the token reviewed again after an hour, and comes back", async () => {
  await using here = await start();
  await here.browser.submit(`${BASE}/_auth/token`, { token: "ada-token" });
  const before = here.browser.cookie("views.example");
  await here.world.pass(3_600_000);
  const visited = await here.browser.open(`${BASE}/console?a=b`);
  deepEqual([visited.url, visited.text], [`${BASE}/console?a=b`, "base /console ada"]);
  ok(here.browser.cookie("views.example") !== before);
  // The API server is away: the person stays in, and the next navigation does not ask again at once.
  await here.world.pass(3_600_000);
  here.all.tokens = { "ada-token": { kind: "unknown", detail: "The API server cannot be reached." } };
  equal((await here.browser.open(`${BASE}/console`)).text, "base /console ada");
  equal((await here.browser.open("https://sales.views.example/")).text, "sales / ada stale");
  await here.world.pass(300_000);
  here.all.tokens = {};
  match((await here.browser.open(`${BASE}/console`)).url, /\/_auth\/\?path=%2Fconsole$/);
  equal(here.browser.cookie("views.example"), "");
});

Deno.test("without keys nobody signs in, and the answer has the cause", async () => {
  await using all = new AuthWorld();
  all.world.secret.put({ keys: "broken" });
  const browser = new Browser(await all.gateway());
  const answers = [
    await browser.open(`${BASE}/_auth/`),
    await browser.submit(`${BASE}/_auth/sign-out`, {}),
    await browser.open("https://sales.views.example/_gate/session?ticket=a"),
  ];
  for (const { status, text } of answers) {
    equal(status, 503);
    match(text, /Nobody can sign in at the moment: The gateway has no session keys: Secret view-gateway-keys/);
  }
});

Deno.test("nobody holds a request open by a form that does not come", async () => {
  await using here = await start();
  here.all.formLimit = 20;
  const { handler } = await here.all.gateway();
  for (const sent of ["t", "token=ada-"]) {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode(sent)),
    });
    const headers = {
      ...{ host: "views.example", origin: BASE, "x-forwarded-proto": "https" },
      "content-type": "application/x-www-form-urlencoded",
    };
    const { status } = await handler(new Request(`${BASE}/_auth/token`, { method: "POST", headers, body }));
    equal(status, 408);
  }
});
