import { deepEqual, equal, match } from "node:assert/strict";
import { AuthWorld, Browser } from "./testing/browser.ts";

const BASE = "https://views.example";
const ADA = { kind: "known", identity: { user: "ada", groups: [] }, by: "token" } as const;

Deno.test("a sign-out at one gateway counts at another one, and in the person's other browser", async () => {
  await using all = new AuthWorld();
  all.tokens = { "ada-token": ADA };
  const [one, two] = [await all.gateway(), await all.gateway()];
  const [here, there] = [new Browser(one), new Browser(two)];
  for (const browser of [here, there]) {
    await browser.submit(`${BASE}/_auth/token`, { token: "ada-token" });
    equal((await browser.open("https://sales.views.example/")).text, "sales / ada stale");
  }
  match(
    (await here.open(`${BASE}/_auth/`)).text,
    /You are <b>ada<\/b>[^]*<form id="sign-out" method="post" action="\/_auth\/sign-out">/,
  );
  const copied = here.at(two);
  const out = await here.submit(`${BASE}/_auth/sign-out`, {});
  match(
    out.text,
    /You have signed out, in all of your browsers\. Views that are open can be used for ten more minutes\./,
  );
  deepEqual(one.audited.at(-1), { action: "signed-out", user: "ada", by: "token" });
  await all.world.settle();
  for (const browser of [here, there, copied]) {
    match((await browser.open("https://sales.views.example/")).url, /^https:\/\/views\.example\/_auth\/\?view=sales/);
    equal((await browser.open(`${BASE}/console`)).text, "base /console undefined");
  }
  // The same second is late enough to sign in again.
  await there.submit(`${BASE}/_auth/token`, { token: "ada-token" });
  equal((await there.at(one).open("https://sales.views.example/")).text, "sales / ada stale");
});

Deno.test("a sign-out that cannot be stored leaves the person signed in, and says so", async () => {
  await using all = new AuthWorld();
  all.tokens = { "ada-token": ADA };
  const gateway = await all.gateway();
  const browser = new Browser(gateway);
  await browser.submit(`${BASE}/_auth/token`, { token: "ada-token" });
  const good = all.world.secret.present!.data;
  all.world.secret.put({ ...good, keys: "broken" });
  const answer = await browser.submit(`${BASE}/_auth/sign-out`, {});
  equal(answer.status, 503);
  match(answer.text, /You are still signed in: Secret view-gateway-keys cannot be used/);
  equal((await browser.open(`${BASE}/console`)).text, "base /console ada");
  all.world.secret.put(good);
  equal((await browser.submit(`${BASE}/_auth/sign-out`, {})).status, 200);
});

Deno.test("a sign-out without a session removes whatever cookie there is", async () => {
  await using all = new AuthWorld();
  const browser = new Browser(await all.gateway());
  browser.jar.set("views.example", new Map([["__Host-session", "old"]]));
  equal((await browser.submit(`${BASE}/_auth/sign-out`, {})).status, 200);
  equal(browser.cookie("views.example"), "");
});
