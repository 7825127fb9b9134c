import { deepEqual, equal, ok } from "node:assert/strict";
import { Browser } from "../auth/testing/browser.ts";
import { clusterTest, type Namespace } from "../kubernetes/testing/namespace.ts";
import { createServiceAccount } from "../kubernetes/testing/service_account.ts";
import { eventually } from "../testing/eventually.ts";
import { keepLog } from "../testing/kept_log.ts";
import { Replica } from "../testing/replica.ts";
import { through } from "../testing/through_envoy.ts";
import { podTemplate } from "../testing/with_replica.ts";

/** It starts for as long as a test lasts: there is nothing at a simulated pod's address. */
const template = podTemplate({ annotations: { "kwok/ready-after": "600s" } });

/** The values of all cookies in a browser, and the tickets of its way. */
const cookiesIn = (browser: Browser) =>
  [...browser.jar.values()].flatMap((cookies) => [...cookies.values()]).filter((value) => value.length > 20);

/** What the gateway keeps secret in this namespace. */
async function keysIn(namespace: Namespace): Promise<readonly string[]> {
  const secret = await namespace.call("GET", "api/v1/secrets/view-gateway-keys") as unknown as {
    readonly data: Readonly<Record<string, string>>;
  };
  return Object.values(secret.data).flatMap((value) => [value, atob(value)])
    .filter((value) => value.length > 20);
}

clusterTest(
  "who did what is in the audit log, and no token, cookie or key is in any line, answer or Event",
  async (namespace) => {
    await using log = await keepLog();
    const ada = await createServiceAccount(namespace, "ada");
    const eve = await createServiceAccount(namespace, "eve");
    await ada.allow(["create"]);
    const [token, other, foreign] = [
      await ada.token("view-gateway"),
      await eve.token("view-gateway"),
      await ada.token(),
    ];
    await using replica = await Replica.start(namespace, {
      config: { authentication: "kubernetes", accessLog: true },
      template,
    });
    const gateway = await through(replica);
    const bodies: string[] = [];
    const ask = async (method: string, path: string, bearer: string | undefined, body?: object) => {
      const headers = {
        "content-type": method === "PATCH" ? "application/merge-patch+json" : "application/json",
        // Secrets also where nobody looks for them.
        ...{ cookie: `__Host-session=${foreign}; __Host-view=${foreign}`, referer: `http://x/?${foreign}` },
        ...bearer !== undefined && { authorization: `Bearer ${bearer}` },
      };
      const answer = await replica.api(path, method, {
        headers,
        ...body && { body: JSON.stringify(body) },
      });
      bodies.push(answer.body);
      return answer.status;
    };
    equal(await ask("POST", "/_api/views", token, { name: "sales", subsets: [] }), 201);
    equal(await ask("DELETE", `/_api/views/sales?token=${foreign}`, token), 400);
    equal(await ask("PATCH", "/_api/views/sales", token, { idleSeconds: 90 }), 200);
    equal(await ask("POST", "/_api/views", other, { name: foreign.slice(0, 60).toLowerCase(), subsets: [] }), 403);
    equal(await ask("GET", "/_api/views/sales", other), 403);
    equal(await ask("DELETE", "/_api/views/sales", foreign), 401);
    equal(await ask("DELETE", "/_api/views/sales", `${token}x`), 401);

    const browser = new Browser(gateway, "localhost");
    const page = await browser.open("http://sales.localhost/reports");
    const members = Object.fromEntries(new URL(page.url).searchParams);
    for (const wrong of [foreign, `${token}x`]) {
      bodies.push((await browser.submit("http://localhost/_auth/token", { ...members, token: wrong })).text);
    }
    const view = await browser.submit("http://localhost/_auth/token", { ...members, token });
    bodies.push(page.text, view.text, (await browser.open("http://localhost/")).text);
    equal(view.url, "http://sales.localhost/reports");
    bodies.push((await browser.open("http://sales.localhost/again")).text);
    const cookies = cookiesIn(browser);
    equal(cookies.length > 1, true);
    await browser.submit("http://localhost/_auth/sign-out", {});
    equal(await ask("DELETE", "/_api/views/sales", token), 204);

    const entries = () =>
      log.lines().map((line) => JSON.parse(line)).filter(({ logger }) => logger === "view-gateway.audit")
        .map(({ properties: { action, user, view } }) => [action, user.split(":").at(-1), view]);
    await eventually(
      "the last entry is written",
      () => Promise.resolve(entries().some(([action]) => action === "deleted")),
    );
    deepEqual(entries(), [
      ["created", "ada", "sales"],
      ["changed", "ada", "sales"],
      ["denied", "eve", undefined],
      ["denied", "eve", "sales"],
      ["denied", "anonymous", undefined],
      ["denied", "anonymous", undefined],
      ["signed-in", "ada", undefined],
      ["opened", "ada", "sales"],
      ["signed-out", "ada", undefined],
      ["deleted", "ada", "sales"],
    ]);

    const events = JSON.stringify(await namespace.call("GET", "api/v1/events"));
    // Envoy writes its access log as it ends.
    await replica.envoy!.stop();
    const secrets = [token, other, foreign, ...cookies, ...await keysIn(namespace)];
    const written = { log: log.lines(), envoy: replica.envoy!.log.split("\n"), answers: bodies, events: [events] };
    for (const [where, texts] of Object.entries(written)) {
      for (const secret of secrets) {
        // Also no part that is long enough to be of use.
        const part = secret.slice(-40);
        ok(
          !texts.some((text) => text.includes(part)),
          `${where}: ${texts.find((text) => text.includes(part))}`,
        );
      }
    }
  },
);
