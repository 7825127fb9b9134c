import { deepEqual, equal } from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";
import { deny, Gateway } from "./testing/gateway.ts";
import { Pod, type Seen } from "./testing/pod.ts";
import { ViewKey } from "./testing/view_keys.ts";

const KEY = await ViewKey.make("one");

const ALICE = {
  "x-view": "sales",
  "x-forwarded-user": "oidc:alice",
  "x-forwarded-email": "alice@example.com",
  "x-forwarded-groups": "oidc:a,oidc:b",
};

/** What a request says of who asks, as its receiver has it. */
const said = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.keys(ALICE).filter((name) => name in headers).map((name) => [name, headers[name]]));

/** The views "sales" and "other", which are awake, behind a gate that lets nobody in. It keeps what the gate was asked. */
async function closed() {
  const pod = await Pod.start("a");
  const checks: Readonly<Record<string, string>>[] = [];
  const gateway = await Gateway.start({
    jwks: ViewKey.jwks(KEY),
    check: (request) => {
      checks.push(Object.fromEntries(request.headers));
      return Promise.resolve(deny(401, "Sign in."));
    },
  });
  for (const name of ["sales", "other"]) await gateway.view(name, { serving: [pod.address] });
  return {
    ...{ pod, gateway, checks },
    ask: (cookie: string, host = "sales.localhost", path = "/") => gateway.ask(host, { headers: { cookie }, path }),
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await pod[Symbol.asyncDispose]();
    },
  };
}

Deno.test("a request with a good cookie goes straight to the view, which learns the user", async () => {
  await using view = await closed();
  for (const host of ["sales.localhost", "SALES.localhost:8080", "sales.localhost."]) {
    const { status, body } = await view.ask(await KEY.cookie("sales"), host);
    equal(status, 200, host);
    deepEqual(said((JSON.parse(body) as Seen).headers), ALICE);
  }
  deepEqual(view.checks, []);
});

Deno.test("a person without email and groups has none at the view", async () => {
  await using view = await closed();
  for (const none of [undefined, ""]) {
    const { body } = await view.ask(await KEY.cookie("sales", { email: none, groups: none }));
    deepEqual(said((JSON.parse(body) as Seen).headers), { "x-view": "sales", "x-forwarded-user": "oidc:alice" });
  }
});

Deno.test("the text of a claim reaches the view in UTF-8", async () => {
  await using view = await closed();
  const { body } = await view.ask(await KEY.cookie("sales", { sub: "oidc:Zoë 李" }));
  const { "x-forwarded-user": user = "" } = (JSON.parse(body) as Seen).headers;
  equal(Buffer.from(user, "latin1").toString(), "oidc:Zoë 李");
});

Deno.test("Envoy checks the signature of a cookie once", async () => {
  await using view = await closed();
  const cookie = await KEY.cookie("sales");
  for (let i = 0; i < 5; i++) equal((await view.ask(cookie)).status, 200);
  const cache = "extension_config_discovery.http_filter.view_gateway.view_token.jwt_authn.jwt_cache_";
  equal(await view.gateway.envoy.stat(`${cache}miss`), 1);
  equal(await view.gateway.envoy.stat(`${cache}hit`), 4);
});

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const bodyOf = (token: string) => token.split(".")[1]!;
const seconds = (ahead: number) => Math.floor(Date.now() / 1000) + ahead;

/** A token whose signature is made from the public key, as if that were a shared secret. */
function hs256(token: string, secret: string): string {
  const signed = `${base64({ alg: "HS256", kid: KEY.kid })}.${bodyOf(token)}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

const good = await KEY.token("sales");
const [head, , signature] = good.split(".");
const BAD: Readonly<Record<string, string>> = {
  "forged with another key": await (await ViewKey.make("one")).token("sales"),
  "of a key that is not published": await (await ViewKey.make("two")).token("sales"),
  "whose claims were changed": `${head}.${bodyOf(await KEY.token("sales", { sub: "oidc:root" }))}.${signature}`,
  "without a signature": `${head}.${bodyOf(good)}.`,
  "that has expired": await KEY.token("sales", { exp: seconds(-60) }),
  "without exp": await KEY.token("sales", { exp: undefined }),
  "that is not valid yet": await KEY.token("sales", { nbf: seconds(60) }),
  "of another issuer": await KEY.token("sales", { iss: "https://issuer.example.com" }),
  "without an issuer": await KEY.token("sales", { iss: undefined }),
  "with alg: none": `${base64({ alg: "none" })}.${bodyOf(good)}.`,
  "with alg: none and a signature": `${base64({ alg: "none", kid: KEY.kid })}.${bodyOf(good)}.${signature}`,
  "signed by HS256 with the public key in PEM as the secret": hs256(good, await KEY.pem()),
  "signed by HS256 with the public keys as the secret": hs256(good, ViewKey.jwks(KEY)),
  "that is no token": "x.y.z",
  "that is empty": "",
};

for (const [what, token] of Object.entries(BAD)) {
  Deno.test(`a cookie ${what} opens nothing: the gate is asked, and the request is anonymous`, async () => {
    await using view = await closed();
    equal((await view.ask(`__Host-view=${token}`)).status, 401);
    deepEqual(view.checks.map(said), [{}]);
    // The gate can look at it itself.
    equal(view.checks[0]!.cookie, `__Host-view=${token}`);
    deepEqual(view.pod.requests, []);
  });
}

for (const name of ["other", "SALES", "sales.public", "sale", ""]) {
  Deno.test(`a good cookie for the view "${name}" does not open the view "sales"`, async () => {
    await using view = await closed();
    for (const host of ["sales.localhost", "SALES.localhost"]) {
      equal((await view.ask(await KEY.cookie(name), host)).status, 401);
    }
    deepEqual(view.pod.requests, []);
  });
}

Deno.test("of two cookies of that name, the gate gets both if the first is bad", async () => {
  await using view = await closed();
  const cookies = `__Host-view=${BAD["that has expired"]}; __Host-view=${good}`;
  equal((await view.ask(cookies)).status, 401);
  deepEqual([said(view.checks[0]!), view.checks[0]!.cookie], [{}, cookies]);
});

Deno.test("the sidecar learns the user at a view's host, and not at the base host", async () => {
  await using view = await closed();
  const at = async (host: string, path: string) => {
    const { headers } = await view.ask(await KEY.cookie("sales"), host, path);
    return said(JSON.parse(String(headers["x-seen"])));
  };
  deepEqual(await at("sales.localhost", "/_gate/progress"), ALICE);
  deepEqual(await at("localhost", "/"), {});
});
