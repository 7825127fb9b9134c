import { expect, test } from "vitest";
import { ask } from "../../client/http.ts";
import { problemOf } from "../../client/problem.ts";
import { Proof } from "../../client/proof.ts";
import { clientToken } from "../../gateway/client_token.ts";
import { theGateway, uniqueName } from "../../gateway/gateway.ts";
import { Stranger } from "../../gateway/stranger.ts";
import { until } from "../../until.ts";

test("an anonymous request opens no view, wakes none, and does not learn which views exist", async () => {
  const gateway = await theGateway();
  await using view = await gateway.create("closed");
  const details: string[] = [];
  for (const name of [view.name, uniqueName("nobody")]) {
    for (const path of ["/", "/_lake/lake/sales/2026/orders-2026-01.parquet", "/_gate/progress"]) {
      const { detail } = problemOf(await ask(gateway.origin, gateway.hostOf(name), { path }), 401, "sign-in");
      details.push(detail.replaceAll(name, "NAME"));
    }
  }
  expect(details.slice(0, 3)).toEqual(details.slice(3));
  expect(await view.job()).toBeUndefined();
  expect(await view.phase()).toBe("asleep");
});

test("an anonymous request can do nothing with the API", async () => {
  const gateway = await theGateway();
  await using view = await gateway.create("closed-api");
  const one = `/_api/views/${view.name}`;
  const json = { "content-type": "application/json" };
  const requests = [
    { path: "/_api/views" },
    { path: one },
    { method: "DELETE", path: one },
    { method: "POST", path: "/_api/views", headers: json, body: JSON.stringify({ name: "mine", subsets: [] }) },
  ] as const;
  for (const request of requests) {
    const answer = await ask(gateway.origin, gateway.baseHost, request);
    problemOf(answer, 401, "sign-in");
    expect(answer.headers["www-authenticate"]).toMatch(/^Bearer/);
  }
  expect((await gateway.api({ path: one })).status).toBe(200);
});

test("a token for another audience, and one that is none, are refused", async () => {
  const gateway = await theGateway();
  const others = [await clientToken(gateway.viewsNamespace, undefined, "another"), "a.b.c"];
  for (const token of others) {
    const { headers } = new Proof(token);
    problemOf(await ask(gateway.origin, gateway.baseHost, { path: "/_api/views", headers }), 401, "invalid-token");
  }
});

test("a service account opens the view that RBAC lets it open, and no longer than that", async () => {
  const gateway = await theGateway();
  await using view = await gateway.create("stranger");
  await using other = await gateway.create("stranger-other");
  await using stranger = await Stranger.in(gateway.viewsNamespace);
  // By its token alone: each request is decided anew, but for some seconds.
  const { headers } = new Proof(stranger.token);
  const open = (host: string) => ask(gateway.origin, host, { path: "/whoami", headers });
  const problem = problemOf(await open(view.host), 403, "forbidden");
  expect(problem.detail).toContain("stranger-");

  await stranger.mayOpen(view);
  await until("the stranger gets in", async () => (await open(view.host)).status === 200);
  problemOf(await open(other.host), 403, "forbidden");
  // To open is not to change, and not to list.
  const api = (method: "GET" | "DELETE", path: string) =>
    ask(gateway.origin, gateway.baseHost, { method, path, headers });
  problemOf(await api("DELETE", `/_api/views/${view.name}`), 403, "forbidden");

  await stranger.mayNot();
  await until("the stranger is sent away", async () => (await open(view.host)).status === 403);
});

test("a view's pod sees who asks, and neither token nor cookie of the gateway", async () => {
  const gateway = await theGateway();
  await using view = await gateway.create("proof");
  const seen: Readonly<Record<string, readonly string[]>>[] = [];
  // The first one has a token, the second one the cookie that the first one got.
  for (const path of ["/whoami", "/whoami"]) seen.push((await view.ask({ path })).json().headers);
  expect(view.proof.headers).toHaveProperty("cookie");
  const own = await view.ask({ path: "/whoami", headers: { cookie: `${view.proof.headers["cookie"]}; mine=1` } });
  expect(own.json().headers["Cookie"]).toEqual(["mine=1"]);
  for (const headers of seen) {
    expect(headers["X-Forwarded-User"]).toEqual([`system:serviceaccount:${gateway.viewsNamespace}:demo`]);
    expect(Object.keys(headers)).not.toContain("Authorization");
    expect(Object.keys(headers)).not.toContain("Cookie");
  }
});

test("anybody opens a public view, until it is public no more", async () => {
  const gateway = await theGateway();
  await using view = await gateway.create("public", { public: true });
  const open = () => ask(gateway.origin, view.host, { path: "/whoami" });
  const answer = await open();
  expect(answer.status, answer.text).toBe(200);
  expect(answer.json().headers["X-Forwarded-User"]).toBeUndefined();

  await view.change({ public: false });
  await until("it is closed at each replica", async () => {
    const answers = await Promise.all(
      gateway.replicas.map(async (replica) => ask(await replica.public(), view.host, { path: "/whoami" })),
    );
    return answers.every(({ status }) => status === 401);
  });
  // Who may open it still may.
  expect((await view.whoami()).view).toBe(view.name);
});
