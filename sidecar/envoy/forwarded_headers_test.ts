import assert from "node:assert/strict";
import { Gateway, pass } from "./testing/gateway.ts";
import { Pod, type Seen } from "./testing/pod.ts";
import { ViewKey } from "./testing/view_keys.ts";

const HELLO = "hello.localhost";

/** As a client says it that speaks for somebody else, or pretends to. */
const FORWARDED = {
  "x-forwarded-for": "203.0.113.7",
  "x-forwarded-proto": "https",
  "x-forwarded-host": "bank.example",
  "x-forwarded-port": "443",
  "x-forwarded-prefix": "/admin",
  "x-forwarded-user": "root",
  "x-forwarded-email": "root@example.com",
  "x-forwarded-groups": "system:masters",
  "x-real-ip": "203.0.113.7",
  "forwarded": "for=203.0.113.7;proto=https",
  "true-client-ip": "203.0.113.7",
  "x-client-ip": "203.0.113.7",
  "cf-connecting-ip": "203.0.113.7",
  "x-original-url": "/admin",
  "x-rewrite-url": "/admin",
  "x-scheme": "https",
  "front-end-https": "on",
};

/** The same to a framework that takes names for variables, such as CGI's. */
const UNDERSCORES = {
  "x_forwarded_for": "203.0.113.7",
  "X_Forwarded_Proto": "https",
  "x-forwarded_host": "bank.example",
  "x_gate_pass": "7",
};

/** What a pod sees of such headers, once through the gate and once straight. */
async function seen(
  xffNumTrustedHops: number,
  signIn: { readonly jwks?: string } = {},
): Promise<readonly Seen["headers"][]> {
  await using pod = await Pod.start("a");
  await using gateway = await Gateway.start({
    ...signIn,
    settings: { xffNumTrustedHops },
    check: async (request) => {
      await gateway.view("hello", { serving: [pod.address], door: "open" });
      return pass(request);
    },
  });
  const headers = { ...FORWARDED, ...UNDERSCORES, "x-view": "hello" };
  for (let i = 0; i < 2; i++) assert.equal((await gateway.ask(HELLO, { headers })).status, 200);
  assert.equal(await gateway.gateRequests(), 1);
  return pod.requests.map(({ headers }) => headers);
}

Deno.test("a client that no trusted proxy speaks for cannot say where it comes from, nor what it asked for", async () => {
  for (const headers of await seen(0)) {
    const { "x-forwarded-for": client, "x-forwarded-proto": scheme, ...others } = headers;
    assert.match(client ?? "", /^[0-9.]+$/);
    assert.notEqual(client, FORWARDED["x-forwarded-for"]);
    assert.equal(scheme, "http");
    const said = ["x-view", ...Object.keys(FORWARDED), ...Object.keys(UNDERSCORES)].map((name) => name.toLowerCase());
    assert.deepEqual(Object.keys(others).filter((name) => said.includes(name)), []);
  }
});

Deno.test("what a trusted proxy says reaches the view, and a name with an underscore does not", async () => {
  const { "x-forwarded-for": client, ...others } = FORWARDED;
  for (const headers of await seen(1)) {
    assert.match(headers["x-forwarded-for"] ?? "", new RegExp(`^${client},[^,]+$`));
    for (const [name, value] of Object.entries(others)) assert.equal(headers[name], value, name);
    assert.equal(headers["x-view"], undefined);
    assert.deepEqual(Object.keys(headers).filter((name) => name.includes("_")), []);
  }
});

Deno.test("where people sign in, not even a trusted proxy can name the user", async () => {
  for (const headers of await seen(1, { jwks: ViewKey.jwks(await ViewKey.make("one")) })) {
    assert.deepEqual(Object.keys(headers).filter((name) => /^x-(view|forwarded-(user|email|groups))$/.test(name)), []);
    assert.equal(headers["x-forwarded-prefix"], FORWARDED["x-forwarded-prefix"]);
  }
});
