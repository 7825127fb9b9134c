import { deepEqual, equal, match, ok } from "node:assert/strict";
import { Browser } from "../auth/testing/browser.ts";
import { clusterTest, type Namespace } from "../kubernetes/testing/namespace.ts";
import { createServiceAccount } from "../kubernetes/testing/service_account.ts";
import { eventually } from "../testing/eventually.ts";
import { Replica } from "../testing/replica.ts";
import { through } from "../testing/through_envoy.ts";
import { podTemplate } from "../testing/with_replica.ts";

/** It starts for as long as a test lasts: there is nothing at a simulated pod's address. */
const template = podTemplate({ annotations: { "kwok/ready-after": "600s" } });

const config = { authentication: "kubernetes", accessLog: true, logLevel: "info" } as const;

async function createView(namespace: Namespace, name: string): Promise<void> {
  const spec = JSON.stringify({ subsets: [], access: { everyone: true } });
  const labels = { "view.yolean.se/name": name };
  await namespace.createService(name, { metadata: { name, labels, annotations: { "view.yolean.se/spec": spec } } });
}

clusterTest(
  "a person signs in with a token, opens views through Envoy, and is out at all gateways after a sign-out",
  async (namespace) => {
    const ada = await createServiceAccount(namespace, "ada");
    const [token, foreign] = [await ada.token("view-gateway"), await ada.token()];
    await createView(namespace, "hello");
    await createView(namespace, "other");
    await using one = await Replica.start(namespace, { config, template });
    await using two = await Replica.start(namespace, { config, template });
    const [first, second] = [await through(one), await through(two)];
    const browser = new Browser(first, "localhost");

    // A browser without a session gets to the page to sign in at, and nothing wakes.
    const page = await browser.open("http://hello.localhost/reports?year=2026");
    match(page.url, /^http:\/\/localhost\/_auth\/\?view=hello&nonce=[\w-]{43}&path=%2Freports%3Fyear%3D2026$/);
    const members = Object.fromEntries(new URL(page.url).searchParams);
    equal((await browser.submit("http://localhost/_auth/token", { ...members, token: foreign })).status, 401);
    equal((await browser.submit("http://localhost/_auth/token", { ...members, token: "no.token.atall" })).status, 401);

    // With the token they get to the view, which starts.
    const view = await browser.submit("http://localhost/_auth/token", { ...members, token });
    equal(view.url, "http://hello.localhost/reports?year=2026");
    equal(view.status, 503);
    match(view.text, /<h1>hello<\/h1>/);
    // The gate has asked for the rights, and has set a cookie that Envoy takes.
    match(browser.cookie("hello.localhost"), /__Host-view=/);

    // Another gateway knows them too, and hands them over to another view.
    const elsewhere = browser.at(second);
    const again = await elsewhere.open("http://other.localhost/");
    equal(again.url, "http://other.localhost/");
    match((await elsewhere.open("http://localhost/")).text, new RegExp(ada.user));

    // After the sign-out at one gateway the base host knows them nowhere, and no new view opens.
    match((await browser.submit("http://localhost/_auth/sign-out", {})).text, /You have signed out/);
    await eventually(
      "the other gateway knows",
      async () => /\/_auth\//.test((await elsewhere.open("http://localhost/")).url),
    );
    elsewhere.jar.delete("other.localhost");
    match((await elsewhere.open("http://other.localhost/")).url, /^http:\/\/localhost\/_auth\/\?view=other/);

    // No token, cookie or ticket is in a log of Envoy's.
    // Envoy writes its access log as it ends.
    await Promise.all([one, two].map(({ envoy }) => envoy!.stop()));
    const log = one.envoy!.log + two.envoy!.log;
    match(log, /"path":"\/_gate\/session"/);
    ok(!/ticket=|nonce=|__Host-/.test(log) && !log.includes(token.split(".")[2]!));
  },
);

clusterTest("sidecars that end during a sign-in and after it take nothing from the person", async (namespace) => {
  const ada = await createServiceAccount(namespace, "ada");
  const token = await ada.token("view-gateway");
  await createView(namespace, "hello");
  const address = "http://hello.localhost/reports";
  let cookies: Browser["jar"] = new Map();
  let members: Record<string, string> = {};
  const visits: ((browser: Browser) => Promise<string>)[] = [
    async (browser) => {
      members = Object.fromEntries(new URL((await browser.open(address)).url).searchParams);
      return members.view!;
    },
    async (browser) => (await browser.submit("http://localhost/_auth/token", { ...members, token })).url,
    async (browser) => (await browser.open(address)).url,
  ];
  const seen: string[] = [];
  for (const visit of visits) {
    // Each step is at a gateway that knows nothing but the Secret.
    await using replica = await Replica.start(namespace, { config, template });
    const browser = new Browser(await through(replica), "localhost");
    for (const [host, jar] of cookies) browser.jar.set(host, jar);
    seen.push(await visit(browser));
    cookies = browser.jar;
  }
  deepEqual(seen, ["hello", address, address]);
});
