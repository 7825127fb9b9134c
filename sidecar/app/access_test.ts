/** Who may open a view: a whole gateway with real tokens, real RBAC and a real pod. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { clusterTest } from "../kubernetes/testing/namespace.ts";
import { tcpForwarder } from "../kubernetes/testing/tcp_forwarder.ts";
import { closedGateway } from "../testing/closed_gateway.ts";
import { machineAddress } from "../testing/machine_address.ts";
import { eventually } from "../testing/eventually.ts";
import type { HttpAnswer } from "../envoy/testing/http_client.ts";

const AUDIENCE = "view-gateway";
const NAVIGATION = { accept: "text/html", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };

/** The cookie that an answer sets, as a request sends it. */
function cookieOf({ headers }: HttpAnswer): { readonly cookie: string } {
  return { cookie: headers["set-cookie"]?.[0]?.split(";")[0] ?? "" };
}

/** What an answer says to everybody: its status, its form, and its words without the view's name. */
function said({ status, headers, body }: HttpAnswer, view: string): readonly unknown[] {
  return [status, headers["www-authenticate"], headers["content-type"], body.replaceAll(view, "VIEW")];
}

// A machine without a network has no address for a pod.
if (machineAddress !== undefined) {
  const host = machineAddress;

  clusterTest(
    "a program is asked about once, and for ten minutes Envoy alone serves it by its cookie",
    async (namespace) => {
      await using gateway = await closedGateway(namespace, host);
      const { robot, pod, ask, metric } = gateway;
      await gateway.view("hello");
      await robot.allow(["open"], "hello");
      const first = await ask("hello", await gateway.token(AUDIENCE));
      equal(first.status, 200);
      match(first.headers["set-cookie"]?.[0] ?? "", /^__Host-view=.*; Secure; HttpOnly; SameSite=Lax; Max-Age=[0-9]+$/);
      const { authorization, cookie, "x-forwarded-user": user } = pod.requests.at(-1)!.headers;
      deepEqual([authorization, cookie, user], [undefined, undefined, robot.user]);

      for (let i = 0; i < 100; i++) equal((await ask("hello", cookieOf(first))).status, 200);
      equal(pod.requests.at(-1)!.headers["x-forwarded-user"], robot.user);
      deepEqual(
        await Promise.all([
          metric('view_gateway_gate_outcomes_total{outcome="pass"}'),
          metric('view_gateway_access_reviews_total{outcome="asked"}'),
          metric('view_gateway_token_reviews_total{outcome="asked"}'),
        ]),
        [1, 1, 1],
      );
    },
  );

  clusterTest("a user who may not open a view is told their name, and does not wake it", async (namespace) => {
    await using gateway = await closedGateway(namespace, host);
    await gateway.view("hello");
    const token = await gateway.token(AUDIENCE);
    const { status, body } = await gateway.ask("hello", token);
    deepEqual([status, JSON.parse(body).type], [403, "urn:view-gateway:forbidden"]);
    match(JSON.parse(body).detail, new RegExp(`^You are ${gateway.robot.user}\\. You may not open view hello\\.`));
    match((await gateway.ask("hello", { ...token, ...NAVIGATION })).body, /You may not open hello/);
    equal((await gateway.ask("hello", token, { path: "/_gate/progress" })).status, 403);
    equal((await gateway.ask("nope", token)).status, 404);
    equal(await gateway.metric('view_gateway_views{phase="asleep"}'), 1);
    const unusable = await gateway.ask("hello", await gateway.token());
    equal(unusable.status, 401);
    match(JSON.parse(unusable.body).detail, /not for the audience view-gateway/);
  });

  clusterTest(
    "without a sign-in a view and no view get the same answer, and a public view opens",
    async (namespace) => {
      await using gateway = await closedGateway(namespace, host);
      for (
        const [name, spec] of Object.entries({ asleep: {}, awake: {}, broken: { access: 1 }, open: { public: true } })
      ) {
        await gateway.view(name, spec);
      }
      await gateway.robot.allow(["open"], "awake");
      await eventually(
        "it is awake",
        async () => (await gateway.ask("awake", await gateway.token(AUDIENCE))).status === 200,
      );
      const requests = {
        "a request": [{}, {}],
        "a POST": [{}, { method: "POST", body: "a" }],
        "a WebSocket": [{ upgrade: "websocket", connection: "upgrade" }, {}],
        "the progress of a start": [{}, { path: "/_gate/progress" }],
        "a probe": [{ "user-agent": "kube-probe/1.33" }, {}],
        "a forged cookie": [{ cookie: "__Host-view=a.b.c" }, {}],
        "a forged identity": [{ "x-view": "awake", "x-forwarded-user": gateway.robot.user }, {}],
      } as const;
      for (const [what, [headers, more]] of Object.entries(requests)) {
        const none = said(await gateway.ask("nope", headers, more), "nope");
        equal(none[0], 401, what);
        for (const view of ["asleep", "awake", "broken"]) {
          deepEqual(said(await gateway.ask(view, headers, more), view), none, `${what} of ${view}`);
        }
      }
      equal((await gateway.ask("open")).status, 200);
      equal(gateway.pod.requests.at(-1)!.headers["x-forwarded-user"], undefined);
      equal((await gateway.ask("open", { "user-agent": "kube-probe/1.33" })).status, 200);
      equal(await gateway.metric('view_gateway_views{phase="asleep"}'), 1);
    },
  );

  clusterTest("a right that is taken away is gone within seconds where the sidecar is asked", async (namespace) => {
    await using gateway = await closedGateway(namespace, host);
    await gateway.view("hello");
    const revoke = await gateway.robot.allow(["open"], "hello");
    const token = await gateway.token(AUDIENCE);
    equal((await gateway.ask("hello", token)).status, 200);
    const expired = await gateway.cookie("hello", gateway.robot.user, 610);
    equal((await gateway.ask("hello", expired)).status, 200);
    await revoke();
    for (const headers of [token, expired]) {
      await eventually("403", async () => (await gateway.ask("hello", headers)).status === 403);
    }
  });

  clusterTest("an expired cookie is renewed on the way, also for a request with a body", async (namespace) => {
    await using gateway = await closedGateway(namespace, host);
    await gateway.view("hello", { access: { users: ["oidc:alice"] } });
    const expired = await gateway.cookie("hello", "oidc:alice", 610);
    const renewed = await gateway.ask("hello", expired, { method: "POST", body: "content" });
    deepEqual([renewed.status, gateway.pod.requests.at(-1)!.bytes], [200, 7]);
    equal((await gateway.ask("hello", cookieOf(renewed))).status, 200);
    equal(await gateway.metric('view_gateway_gate_outcomes_total{outcome="pass"}'), 1);
    // Of another view, or after the hard limit, it is none.
    equal((await gateway.ask("hello", await gateway.cookie("other", "oidc:alice", 1))).status, 401);
  });

  clusterTest("another host's page cannot use a person's cookie, fresh or expired", async (namespace) => {
    await using gateway = await closedGateway(namespace, host);
    const { ask, pod } = gateway;
    await gateway.view("hello", { access: { users: ["oidc:alice"] } });
    await gateway.view("open", { public: true });
    const port = await gateway.replica.envoy!.port("public");
    const [own, sibling] = [`http://hello.localhost:${port}`, `http://evil.localhost:${port}`];
    const at = { host: `hello.localhost:${port}` };
    for (const seconds of [1, 610]) {
      const alice = { ...at, ...await gateway.cookie("hello", "oidc:alice", seconds) };
      equal((await ask("hello", alice)).status, 200);
      equal((await ask("hello", { ...alice, origin: own }, { method: "POST" })).status, 200);
      const before = pod.requests.length;
      const site = (mode: string, dest: string) => ({
        ...{ "sec-fetch-site": "same-site", "sec-fetch-mode": mode, "sec-fetch-dest": dest },
      });
      const attempts = {
        "a form": [{ ...site("navigate", "document"), origin: sibling }, "POST"],
        "a form without Fetch Metadata": [{ origin: sibling }, "POST"],
        "a form of a sandboxed frame": [{ origin: "null" }, "POST"],
        "a fetch": [{ ...site("cors", "empty"), origin: sibling }, "GET"],
        "a frame": [site("navigate", "iframe"), "GET"],
        "an image": [site("no-cors", "image"), "GET"],
        "a WebSocket": [{ upgrade: "websocket", connection: "upgrade", origin: sibling }, "GET"],
      } as const;
      for (const [what, [headers, method]] of Object.entries(attempts)) {
        const { status, body } = await ask("hello", { ...alice, ...headers }, { method });
        deepEqual([status, JSON.parse(body).type], [403, "urn:view-gateway:cross-site"], `${what} after ${seconds} s`);
      }
      equal(pod.requests.length, before);
      // A link to the view is followed.
      equal((await ask("hello", { ...alice, ...site("navigate", "document") })).status, 200);
    }
    const open = await gateway.cookie("open", "oidc:alice", 1);
    equal((await ask("open", { ...open, "sec-fetch-site": "same-site", "sec-fetch-dest": "image" })).status, 200);
    equal(pod.requests.at(-1)!.headers["x-forwarded-user"], undefined);
  });

  clusterTest(
    "while the API server is silent, sessions go on and nobody new gets in",
    async (namespace) => {
      await using forwarder = tcpForwarder(namespace.load());
      await using gateway = await closedGateway(namespace, host, { load: forwarder.load });
      await gateway.view("hello", { access: { users: ["oidc:alice"] } });
      const { user } = gateway.robot;
      await gateway.robot.allow(["open"], "hello");
      const warm = await gateway.ask("hello", await gateway.token(AUDIENCE));
      equal(warm.status, 200);
      const stranger = await gateway.token(AUDIENCE);
      const since = (seconds: number) => gateway.cookie("hello", user, seconds);
      const justNow = await since(610);
      equal((await gateway.ask("hello", justNow)).status, 200);
      const shared = await gateway.cookie("hello", "oidc:alice", 610);
      const other = await gateway.cookie("hello", "oidc:bob", 610);

      forwarder.silence();
      const status = async (headers: Readonly<Record<string, string>>) => (await gateway.ask("hello", headers)).status;
      equal(await status(cookieOf(warm)), 200);
      equal(await status(justNow), 200);
      // Nobody has asked yet what Bob may do with this view: it is younger than his cookie.
      equal(await status(other), 503);
      ok(cookieOf(await gateway.ask("hello", shared)).cookie !== "", "a view's own rights need no API server");
      const unknown = await gateway.ask("hello", stranger);
      deepEqual([unknown.status, unknown.headers["retry-after"]], [503, "2"]);
      match(JSON.parse(unknown.body).detail, /The API server /);
      equal(await status({}), 401);

      forwarder.restore();
      await eventually("a new cookie", async () => cookieOf(await gateway.ask("hello", justNow)).cookie !== "");
      equal(await status(other), 403);
    },
  );
}
