/** What Envoy makes of the gate's answer to a request that may open its view: by requests to Envoy. */
import { deepEqual, equal } from "node:assert/strict";
import { once } from "node:events";
import { request as sendHttp } from "node:http";
import type { Opening } from "../access/opening.ts";
import { Gateway, pass } from "../envoy/testing/gateway.ts";
import { Pod, type Seen } from "../envoy/testing/pod.ts";
import { ViewKey } from "../envoy/testing/view_keys.ts";
import { openedHeaders } from "./opened_headers.ts";

type Open = Opening & { readonly kind: "open" };

const KEY = await ViewKey.make("one");
const EXPIRED = await KEY.cookie("sales", { exp: Math.floor(Date.now() / 1000) - 60 });
const NOBODY: Open = { kind: "open", identity: undefined, cookie: undefined, withoutAuthorization: false };
const ALICE: Open = {
  ...NOBODY,
  identity: { user: "oidc:alice", email: "a@example.com", groups: ["oidc:a", "oidc:b"] },
};
const RENEWED = "__Host-view=new; Path=/; Secure; HttpOnly; SameSite=Lax";
const SECRETS = /__Host-|secret/;

/** The view "sales", asleep until the gate is asked, which then lets each request pass as this says. */
async function gated(opening: Open, view: { readonly awake?: true } = {}) {
  const pod = await Pod.start("a", {
    answer: (_request, response) => {
      response.setHeader("set-cookie", ["own=1", "also=2"]).end(JSON.stringify(pod.requests.at(-1)));
    },
  });
  const checks: Readonly<Record<string, string>>[] = [];
  const gateway = await Gateway.start({
    jwks: ViewKey.jwks(KEY),
    check: async (request) => {
      checks.push(Object.fromEntries(request.headers));
      await gateway.view("sales", { serving: [pod.address] });
      const answer = pass(request);
      for (const [name, value] of Object.entries(openedHeaders(opening, "sales"))) answer.headers.append(name, value);
      return answer;
    },
  });
  if (view.awake) await gateway.view("sales", { serving: [pod.address] });
  return {
    ...{ pod, gateway, checks },
    ask: async (headers: Readonly<Record<string, string>>, method = "GET", body?: string) => {
      const answer = await gateway.ask("sales.localhost", { headers, method, ...body !== undefined && { body } });
      return { ...answer, seen: JSON.parse(answer.body) as Seen };
    },
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await pod[Symbol.asyncDispose]();
    },
  };
}

/** Headers by which a client says that it is somebody else. */
const FORGED = {
  "x-view": "sales",
  "x-forwarded-user": "root",
  "x-forwarded-email": "root@example.com",
  "x-forwarded-groups": "system:masters",
  "x_view": "sales",
  "X_Forwarded_User": "root",
  "x-forwarded_user": "root",
};

const identityOf = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(headers).filter(([name]) => /^x[-_](view|forwarded[-_](user|email|groups))$/.test(name)),
  );

const AS_ALICE = {
  "x-view": "sales",
  "x-forwarded-user": "oidc:alice",
  "x-forwarded-email": "a@example.com",
  "x-forwarded-groups": "oidc:a,oidc:b",
};

for (const state of ["asleep", "awake"] as const) {
  const view = state === "awake" ? { awake: true as const } : {};

  Deno.test(`a client cannot choose its user, where the view is ${state}`, async () => {
    await using gate = await gated(NOBODY, view);
    const { seen } = await gate.ask(FORGED);
    deepEqual(identityOf(seen.headers), {});
    deepEqual(gate.checks.map(identityOf), [{}]);
  });

  Deno.test(`the view gets the user that the gate knows, whatever the client says, where the view is ${state}`, async () => {
    await using gate = await gated(ALICE, view);
    const { seen } = await gate.ask({ ...FORGED, cookie: EXPIRED });
    deepEqual(identityOf(seen.headers), AS_ALICE);
    deepEqual(gate.checks.map(identityOf), [{}]);
  });

  Deno.test(`a cookie that the gate renews reaches the browser and not the pod, where the view is ${state}`, async () => {
    for (const [cookie, left] of [[EXPIRED, undefined], [`a=1; ${EXPIRED}; b=2`, "a=1; b=2"]] as const) {
      await using gate = await gated({ ...ALICE, cookie: left, setCookie: RENEWED }, view);
      for (const [method, body] of [["GET", undefined], ["POST", "whole"]] as const) {
        const { seen, status, headers } = await gate.ask({ cookie, origin: "http://sales.localhost" }, method, body);
        deepEqual([status, seen.headers.cookie, seen.bytes], [200, left, body?.length ?? 0]);
        equal(SECRETS.test(JSON.stringify(seen)), false);
        deepEqual(headers["set-cookie"]?.toSorted(), [RENEWED, "also=2", "own=1"]);
      }
      deepEqual(gate.checks.map((headers) => headers.cookie), [cookie, cookie]);
    }
  });

  Deno.test(`a token of the gateway's does not reach the pod, where the view is ${state}`, async () => {
    await using gate = await gated({ ...ALICE, withoutAuthorization: true }, view);
    for (const scheme of ["Bearer", "bearer", "BEARER"]) {
      for (const cookie of [undefined, await KEY.cookie("sales")]) {
        const { seen } = await gate.ask({ authorization: `${scheme} secret`, ...cookie !== undefined && { cookie } });
        equal(seen.headers.authorization, undefined);
        equal(SECRETS.test(JSON.stringify(seen)), false);
        equal(gate.checks.at(-1)!.authorization, `${scheme} secret`);
      }
    }
  });
}

Deno.test("a token of the view's own is the view's", async () => {
  await using gate = await gated(ALICE);
  const { seen } = await gate.ask({ authorization: "Bearer own", cookie: await KEY.cookie("sales") });
  equal(seen.headers.authorization, "Bearer own");
});

Deno.test("a good cookie does not reach the pod of a view that was asleep, and the gate knows the user without it", async () => {
  for (const [others, left] of [["", undefined], ["a=1; ", "a=1"]] as const) {
    await using gate = await gated({ ...ALICE, cookie: left });
    const { seen } = await gate.ask({ cookie: others + await KEY.cookie("sales", { email: "a@example.com" }) });
    deepEqual([identityOf(gate.checks[0]!), gate.checks[0]!.cookie], [AS_ALICE, left]);
    deepEqual([identityOf(seen.headers), seen.headers.cookie], [AS_ALICE, left]);
  }
});

Deno.test("the gate sees from which page a request comes", async () => {
  await using gate = await gated(ALICE);
  const headers = {
    ...{ origin: "http://evil.localhost", "sec-fetch-site": "same-site", "sec-fetch-mode": "cors" },
    ...{ "sec-fetch-dest": "empty", "sec-fetch-user": "?1" },
  };
  await gate.ask(headers);
  for (const [name, value] of Object.entries(headers)) equal(gate.checks[0]![name], value, name);
});

Deno.test("a WebSocket that the gate lets pass has the renewed cookie on its 101", async () => {
  await using gate = await gated({ ...ALICE, setCookie: RENEWED });
  const call = sendHttp({
    ...{ host: "127.0.0.1", port: gate.gateway.port, agent: false, setHost: false },
    headers: {
      ...{ host: "sales.localhost", cookie: EXPIRED, connection: "Upgrade", upgrade: "websocket" },
      ...{ "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==", "sec-websocket-version": "13" },
    },
  });
  const upgraded = once(call, "upgrade");
  call.end();
  const [response, socket] = await upgraded;
  deepEqual([response.statusCode, response.headers["set-cookie"]], [101, [RENEWED]]);
  socket.destroy();
});

Deno.test("a request that comes to the gate again is still somebody's, though its cookie is gone", async () => {
  await using pod = await Pod.start("a");
  const checks: Readonly<Record<string, string>>[] = [];
  await using gateway = await Gateway.start({
    jwks: ViewKey.jwks(KEY),
    check: async (request) => {
      checks.push(Object.fromEntries(request.headers));
      // At first Envoy finds no pod behind the gate, and the request comes back.
      await gateway.view("sales", checks.length === 1 ? {} : { serving: [pod.address] });
      const answer = pass(request);
      for (const [name, value] of Object.entries(openedHeaders(ALICE, "sales"))) answer.headers.append(name, value);
      return answer;
    },
  });
  const { status } = await gateway.ask("sales.localhost", { headers: { cookie: EXPIRED } });
  equal(status, 200);
  deepEqual(checks.map((headers) => [headers.cookie, headers["x-view"]]), [[EXPIRED, undefined], [undefined, "sales"]]);
  deepEqual(identityOf(pod.requests[0]!.headers), AS_ALICE);
});
