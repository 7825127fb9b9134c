import { deepEqual, equal, ok } from "node:assert/strict";
import type { ViewResource } from "@view-gateway/types";
import { clusterTest, type Namespace } from "../kubernetes/testing/namespace.ts";
import { createServiceAccount, type ServiceAccount } from "../kubernetes/testing/service_account.ts";
import { eventually } from "../testing/eventually.ts";
import { Replica } from "../testing/replica.ts";
import { podTemplate, withReplica } from "../testing/with_replica.ts";

const told = async (replica: Replica): Promise<ViewResource> =>
  JSON.parse((await replica.api("/_api/views/hello")).body);

/** When the last start was over, in milliseconds since the epoch. */
function endOf({ at, steps }: NonNullable<ViewResource["lastStart"]>): number {
  return Date.parse(at) + steps.reduce((sum, { seconds }) => sum + seconds * 1000, 0);
}

clusterTest(
  "a gateway tells how a view started, in steps that fill the start, and when it had a request",
  async (namespace) => {
    const annotations = { "kwok/running-after": "300ms", "kwok/ready-after": "200ms" };
    await withReplica(namespace, { annotations }, async (replica) => {
      const view = await told(replica);
      deepEqual([view.lastStart, view.lastRequestAt], [undefined, undefined]);
      const began = Date.now();
      equal(await replica.status("hello"), 200);
      const ended = Date.now();

      const { lastStart, lastRequestAt } = await told(replica);
      deepEqual([lastStart?.outcome, lastStart?.start], ["awake", "cold"]);
      const steps = lastStart!.steps.map(({ step }) => step);
      equal(steps.at(-1), "connecting");
      ok(steps.includes("creating container") && steps.includes("waiting for readiness"), steps.join());
      ok(Date.parse(lastStart!.at) >= began);
      ok(endOf(lastStart!) <= ended + steps.length, "no longer than the request waited");
      ok(endOf(lastStart!) - Date.parse(lastStart!.at) >= 500, "as long as kwok makes it");
      ok(Date.parse(lastRequestAt!) >= began && Date.parse(lastRequestAt!) <= ended);

      // Another gateway comes later. It has Kubernetes' times of the start, and knows of no request.
      await using other = await Replica.start(namespace, { envoy: false });
      await eventually("it knows the view", async () => (await told(other)).phase === "awake");
      const late = await told(other);
      deepEqual([late.lastStart?.outcome, late.lastStart?.start], ["awake", "cold"]);
      deepEqual(late.lastStart?.steps.map(({ step }) => step), [
        ...["no pod", "scheduling", "creating container", "waiting for readiness"],
      ]);
      ok(late.lastStart?.steps.every(({ seconds }) => Number.isInteger(seconds)));
      equal(late.lastRequestAt, undefined);

      // Both remember it when the view has fallen asleep.
      equal((await replica.api("/_api/views/hello/sleep", "POST")).status, 200);
      await eventually("it sleeps", async () => (await told(other)).phase === "asleep");
      deepEqual((await told(replica)).lastStart, lastStart);
      deepEqual((await told(other)).lastStart, late.lastStart);
      const { items } = JSON.parse((await replica.api("/_api/views")).body);
      deepEqual([items[0].lastRequestAt, items[0].lastStart], [lastRequestAt, undefined]);
    });
  },
);

/** The view's only pod crashes before it is ready. */
async function crash(namespace: Namespace, log: string): Promise<void> {
  let name: string | undefined;
  await eventually("the container runs", async () => {
    const { items } = await namespace.call("GET", "api/v1/pods") as unknown as {
      readonly items: readonly { readonly metadata: { readonly name: string }; readonly status: { phase: string } }[];
    };
    name = items.find(({ status }) => status.phase === "Running")?.metadata.name;
    return name !== undefined;
  });
  const terminated = { exitCode: 3, reason: "Error", message: log };
  const containerStatus = {
    name: "view",
    image: "a",
    imageID: "",
    ready: false,
    restartCount: 0,
    state: { terminated },
  };
  await namespace.transport.call({
    method: "PATCH",
    path: `/api/v1/namespaces/${namespace.name}/pods/${name}/status`,
    headers: { "content-type": "application/merge-patch+json" },
    body: JSON.stringify({ status: { phase: "Failed", containerStatuses: [containerStatus] } }),
  }, namespace.signal);
}

clusterTest(
  "the log lines of a failed start are for who may change the view, and for nobody else",
  async (namespace) => {
    const [owner, operator, reader] = await Promise.all(
      ["owner", "operator", "reader"].map((name) => createServiceAccount(namespace, name)),
    ) as [ServiceAccount, ServiceAccount, ServiceAccount];
    await owner.allow(["create"]);
    await operator.allow(["get", "patch"], "hello");
    await reader.allow(["get", "list"]);
    const config = { authentication: "kubernetes" } as const;
    const template = podTemplate({ annotations: { "kwok/ready-after": "24h" } });
    await using replica = await Replica.start(namespace, { envoy: false, config, template });
    const ask = async (account: ServiceAccount, method: string, path: string, body?: object) => {
      const authorization = `Bearer ${await account.token("view-gateway")}`;
      const headers = { authorization, "content-type": "application/json" };
      const answer = await replica.api(path, method, { headers, ...body && { body: JSON.stringify(body) } });
      return answer.body;
    };
    await ask(owner, "POST", "/_api/views", { name: "hello", subsets: [] });
    const woken = ask(owner, "POST", "/_api/views/hello/wake?wait=60");
    await crash(namespace, "\x1b[31mTraceback:\x1b[0m\n  no such table: sales\n");
    equal(JSON.parse(await woken).reason, "Error");

    const seenBy = async (account: ServiceAccount): Promise<ViewResource> =>
      JSON.parse(await ask(account, "GET", "/_api/views/hello"));
    for (const account of [owner, operator]) {
      const { phase, logLines, lastStart } = await seenBy(account);
      deepEqual([phase, logLines], ["failed", ["Traceback:", "  no such table: sales"]]);
      deepEqual([lastStart?.outcome, lastStart?.steps.at(-1)?.step], ["failed", "waiting for readiness"]);
    }
    const { phase, cause, logLines } = await seenBy(reader);
    equal(phase, "failed");
    equal(cause?.message, "Container view ended with exit code 3: no such table: sales");
    equal(logLines, undefined);
    for (const answer of [await ask(owner, "GET", "/_api/views"), await ask(reader, "GET", "/_api/views/hello")]) {
      equal(/Traceback|logLines/.test(answer), false, answer);
    }
  },
);
