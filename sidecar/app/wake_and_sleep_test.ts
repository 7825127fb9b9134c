import { deepEqual, equal, notEqual } from "node:assert/strict";
import type { ViewResource } from "@view-gateway/types";
import { clusterTest } from "../kubernetes/testing/namespace.ts";
import { createServiceAccount, type ServiceAccount } from "../kubernetes/testing/service_account.ts";
import { eventually } from "../testing/eventually.ts";
import { Replica } from "../testing/replica.ts";

clusterTest("who may open a view wakes it, and who may change it puts it to sleep", async (namespace) => {
  const alice = await createServiceAccount(namespace, "alice");
  const bob = await createServiceAccount(namespace, "bob");
  await alice.allow(["create"]);
  await bob.allow(["open"], "sales");
  await using replica = await Replica.start(namespace, { envoy: false, config: { authentication: "kubernetes" } });
  const ask = async (account: ServiceAccount, method: string, path: string, body?: object) => {
    const headers = {
      authorization: `Bearer ${await account.token("view-gateway")}`,
      "content-type": "application/json",
    };
    const answer = await replica.api(path, method, { headers, ...body && { body: JSON.stringify(body) } });
    return { status: answer.status, json: JSON.parse(answer.body) as ViewResource & { readonly type?: string } };
  };
  const job = async () => {
    const { items } = await namespace.call("GET", "apis/batch/v1/jobs") as unknown as {
      readonly items: readonly { readonly metadata: { readonly uid: string; readonly deletionTimestamp?: string } }[];
    };
    return items.find(({ metadata }) => metadata.deletionTimestamp === undefined)?.metadata.uid;
  };
  equal((await ask(alice, "POST", "/_api/views", { name: "sales", subsets: [] })).status, 201);

  // Bob may open the view, and neither see nor change it.
  const woken = await ask(bob, "POST", "/_api/views/sales/wake?wait=60");
  deepEqual([woken.status, woken.json.phase, woken.json.subsets], [200, "awake", undefined]);
  const first = await job();
  for (const action of ["sleep", "restart"]) {
    const refused = await ask(bob, "POST", `/_api/views/sales/${action}`);
    deepEqual([refused.status, refused.json.type], [403, "urn:view-gateway:forbidden"]);
  }
  equal((await ask(bob, "POST", "/_api/views/sales/wake")).status, 200);
  equal(await job(), first);

  for (let asked = 0; asked < 2; asked++) {
    const slept = await ask(alice, "POST", "/_api/views/sales/sleep");
    deepEqual([slept.status, slept.json.phase], [200, "asleep"]);
    equal(await job(), undefined);
  }

  // Asleep is asleep: the next wake has another Job, also while the pod of the former still ends, …
  const again = await ask(alice, "POST", "/_api/views/sales/wake?wait=60");
  deepEqual([again.status, again.json.phase], [200, "awake"]);
  notEqual(await job(), first);

  // … and also after a sleep of a view that has only begun to start.
  equal((await ask(alice, "POST", "/_api/views/sales/restart")).status, 202);
  equal((await ask(alice, "POST", "/_api/views/sales/sleep")).json.phase, "asleep");
  equal((await ask(bob, "POST", "/_api/views/sales/wake?wait=60")).status, 200);
  await ask(alice, "POST", "/_api/views/sales/sleep");
  await eventually("no Job is left", async () => {
    const { items } = await namespace.call("GET", "apis/batch/v1/jobs") as unknown as { readonly items: unknown[] };
    return items.length === 0;
  }, 30);
});
