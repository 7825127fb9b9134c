import { deepEqual, equal, match } from "node:assert/strict";
import type { HttpAnswer } from "../envoy/testing/http_client.ts";
import { clusterTest, type Namespace } from "../kubernetes/testing/namespace.ts";
import { writeTemplates } from "../kubernetes/testing/config_map.ts";
import { createServiceAccount, type ServiceAccount } from "../kubernetes/testing/service_account.ts";
import { warnings } from "../kubernetes/testing/warnings.ts";
import { eventually } from "../testing/eventually.ts";
import { podTemplate } from "../testing/with_replica.ts";
import { Replica, type ReplicaOptions } from "../testing/replica.ts";

const GRANTS = "view-gateway-grants";
const LAKE = {
  lakeRoleArn: "arn:aws:iam::123456789012:role/lake",
  stsEndpoint: "http://127.0.0.1:9",
  s3Endpoint: "http://127.0.0.1:9",
};

/** Asks the API with this account's token for the gateway. */
type Ask = (
  account: ServiceAccount | undefined,
  method: string,
  path: string,
  body?: object,
) => Promise<HttpAnswer & { readonly json: { readonly type?: string } & Record<string, unknown> }>;

/** Starts a sidecar at which nobody acts without a token. */
async function withGateway(
  namespace: Namespace,
  config: ReplicaOptions["config"],
  use: (ask: Ask) => Promise<void>,
): Promise<void> {
  await using replica = await Replica.start(namespace, {
    envoy: false,
    config: { authentication: "kubernetes", ...config },
  });
  const tokens = new Map<ServiceAccount, string>();
  await use(async (account, method, path, body) => {
    if (account && !tokens.has(account)) tokens.set(account, await account.token("view-gateway"));
    const answer = await replica.api(path, method, {
      ...body && { body: JSON.stringify(body) },
      headers: {
        "content-type": method === "PATCH" ? "application/merge-patch+json" : "application/json",
        ...account && { authorization: `Bearer ${tokens.get(account)}` },
      },
    });
    return { ...answer, json: answer.body === "" ? {} : JSON.parse(answer.body) };
  });
}

clusterTest(
  "a user who may create views owns what they create, shares it and deletes it; others may do what they are let",
  async (namespace) => {
    const alice = await createServiceAccount(namespace, "alice");
    const bob = await createServiceAccount(namespace, "bob");
    await alice.allow(["create"]);
    await withGateway(namespace, {}, async (ask) => {
      // A view's pod, for one: the first request of the attack that the gateway once let pass.
      const everything = { name: "all", subsets: [] };
      equal((await ask(undefined, "POST", "/_api/views", everything)).status, 401);
      equal((await ask(bob, "POST", "/_api/views", everything)).status, 403);
      const created = await ask(alice, "POST", "/_api/views", { name: "sales", subsets: [], idleSeconds: 60 });
      deepEqual([created.status, created.json.owner], [201, alice.user]);
      const { metadata } = await namespace.call("GET", "api/v1/services/sales");
      equal(metadata.annotations?.["view.yolean.se/owner"], alice.user);

      for (const [method, path] of [["GET", ""], ["PATCH", ""], ["DELETE", ""], ["POST", "/restart"]] as const) {
        const answer = await ask(
          bob,
          method,
          `/_api/views/sales${path}`,
          method === "PATCH" ? { public: null } : undefined,
        );
        deepEqual([answer.status, answer.json.type], [403, "urn:view-gateway:forbidden"], method);
      }
      deepEqual((await ask(bob, "GET", "/_api/views")).json, { items: [], total: 0 });

      const shared = await ask(alice, "PATCH", "/_api/views/sales", {
        access: { groups: [`system:serviceaccounts:${namespace.name}`] },
      });
      equal(shared.status, 200);
      const seen = await ask(bob, "GET", "/_api/views/sales");
      deepEqual([seen.status, seen.headers.etag], [200, shared.headers.etag]);
      equal(((await ask(bob, "GET", "/_api/views")).json.items as unknown[]).length, 1);
      const owner = encodeURIComponent(alice.user);
      for (const [query, total] of [["q=ale", 1], ["phase=awake", 0], [`owner=${owner}&phase=asleep`, 1]] as const) {
        equal((await ask(bob, "GET", `/_api/views?${query}`)).json.total, total, query);
      }
      const misspelt = await ask(bob, "GET", "/_api/views?ownr=x");
      deepEqual([misspelt.status, misspelt.json.type], [400, "urn:view-gateway:invalid-query"]);
      equal((await ask(bob, "PATCH", "/_api/views/sales", { access: { users: [bob.user] } })).status, 403);

      const revoke = await bob.allow(["patch"], "sales");
      await eventually(
        "the right to change the view is there",
        async () => (await ask(bob, "PATCH", "/_api/views/sales", { idleSeconds: 90 })).status === 200,
        30,
      );
      await revoke();
      equal((await ask(alice, "DELETE", "/_api/views/sales")).status, 204);
    });
  },
);

clusterTest(
  "a change of whom a view is shared with needs no restart, and a public view must be allowed",
  async (namespace) => {
    const alice = await createServiceAccount(namespace, "alice");
    await alice.allow(["create"]);
    await namespace.createService("byhand", {
      metadata: {
        name: "byhand",
        labels: { "view.yolean.se/name": "byhand" },
        annotations: { "view.yolean.se/spec": '{"subsets": [], "public": true}' },
      },
    });
    await withGateway(namespace, {}, async (ask) => {
      const refused = await ask(alice, "POST", "/_api/views", { name: "open", subsets: [], public: true });
      equal(refused.status, 422);
      deepEqual((refused.json.errors as { pointer: string }[]).map(({ pointer }) => pointer), ["/public"]);
      const [warning] = await warnings(namespace, 1);
      deepEqual([warning?.involvedObject.name, warning?.reason], ["byhand", "NotPublic"]);

      equal((await ask(alice, "POST", "/_api/views", { name: "sales", subsets: [] })).status, 201);
      equal((await ask(alice, "POST", "/_api/views/sales/restart")).status, 202);
      await eventually(
        "the view is awake",
        async () => (await ask(alice, "GET", "/_api/views/sales")).json.phase === "awake",
      );
      const { json } = await ask(alice, "PATCH", "/_api/views/sales", { access: { everyone: true } });
      const { spec, status } = await namespace.call("GET", "apis/batch/v1/jobs/sales") as unknown as {
        readonly spec: { readonly activeDeadlineSeconds: number };
        readonly status: { readonly startTime: string };
      };
      equal(Date.parse(json.sleepsAt as string), Date.parse(status.startTime) + spec.activeDeadlineSeconds * 1000);
      equal((json.effective as { idleSeconds: number }).idleSeconds, spec.activeDeadlineSeconds);
      deepEqual([json.phase, json.access, json.restartNeeded], ["awake", { everyone: true }, undefined]);
    });
  },
);

clusterTest("two people who change a view at the same time both succeed", async (namespace) => {
  const alice = await createServiceAccount(namespace, "alice");
  await alice.allow(["create"]);
  await withGateway(namespace, {}, async (ask) => {
    equal((await ask(alice, "POST", "/_api/views", { name: "sales", subsets: [] })).status, 201);
    const patches = [{ idleSeconds: 90 }, { access: { everyone: true } }, { maxLifetimeSeconds: 600 }];
    const answers = await Promise.all(patches.map((body) => ask(alice, "PATCH", "/_api/views/sales", body)));
    deepEqual(answers.map(({ status }) => status), [200, 200, 200]);
    const { json } = await ask(alice, "GET", "/_api/views/sales");
    deepEqual([json.idleSeconds, json.access, json.maxLifetimeSeconds], [90, { everyone: true }, 600]);
  });
});

clusterTest("a user who may create views sees the templates as they are now", async (namespace) => {
  const alice = await createServiceAccount(namespace, "alice");
  const bob = await createServiceAccount(namespace, "bob");
  await alice.allow(["create"]);
  await withGateway(namespace, {}, async (ask) => {
    equal((await ask(bob, "GET", "/_api/templates")).status, 403);
    const good = podTemplate();
    const described = JSON.stringify({
      ...JSON.parse(good),
      metadata: { annotations: { "view.yolean.se/description": "A page." } },
    });
    await writeTemplates(namespace, { default: good, page: described, zero: good.replace('"Job"', '"Jib"') });
    const items = async () =>
      (await ask(alice, "GET", "/_api/templates")).json.items as { name: string; problem?: string }[];
    await eventually("the new templates are there", async () => (await items()).length === 3);
    const [first, second, third] = await items();
    deepEqual(first, { name: "default", isDefault: true });
    deepEqual(second, { name: "page", description: "A page.", isDefault: false });
    match(third!.problem!, /^Template zero is not a Job/);

    // Its Job is the template's, without the description.
    equal((await ask(alice, "POST", "/_api/views", { name: "mine", subsets: [], template: "page" })).status, 201);
    equal((await ask(alice, "POST", "/_api/views/mine/restart")).status, 202);
    const { metadata } = await namespace.call("GET", "apis/batch/v1/jobs/mine");
    equal(metadata.annotations?.["view.yolean.se/description"], undefined);
  });
});

clusterTest("grants bound what somebody gives a view, as the ConfigMap is now", async (namespace) => {
  const alice = await createServiceAccount(namespace, "alice");
  await alice.allow(["create"]);
  const subsets = [{ bucket: "lake", prefix: "sales/" }];
  await withGateway(namespace, { ...LAKE, grantsConfigMap: GRANTS }, async (ask) => {
    const create = (prefix: string) =>
      ask(alice, "POST", "/_api/views", { name: "sales", subsets: [{ bucket: "lake", prefix }] });
    const without = await create("sales/");
    deepEqual([without.status, without.json.type], [503, "urn:view-gateway:grants-unusable"]);
    match(String(without.json.detail), /There is no ConfigMap view-gateway-grants/);

    const grants = { grants: [{ users: [alice.user], subsets }] };
    await namespace.call("POST", "api/v1/configmaps", {
      metadata: { name: GRANTS },
      data: { "grants.yaml": JSON.stringify(grants) },
    });
    await eventually("the grants are read", async () => (await create("sales-secret/")).status === 403);
    const beyond = await create("sales-secret/");
    equal(beyond.json.type, "urn:view-gateway:beyond-grants");
    match(String(beyond.json.detail), /your nearest grant is read of lake\/sales\//);
    equal((await create("sales/2025/")).status, 201);
    const more = await ask(alice, "PATCH", "/_api/views/sales", { subsets: [{ bucket: "lake" }] });
    equal(more.json.type, "urn:view-gateway:beyond-grants");
  });
});
