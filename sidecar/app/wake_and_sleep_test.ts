import { deepEqual, equal, notEqual } from "node:assert/strict";
import type { ViewResource } from "@view-gateway/types";
import { clusterTest } from "../kubernetes/testing/namespace.ts";
import { createServiceAccount, type ServiceAccount } from "../kubernetes/testing/service_account.ts";
import { eventually } from "../testing/eventually.ts";
import { machineAddress } from "../testing/machine_address.ts";
import { Replica } from "../testing/replica.ts";
import { withReplica } from "../testing/with_replica.ts";

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

// A machine without a network has no such address.
if (machineAddress !== undefined) {
  const hostname = machineAddress;
  clusterTest("a view that is put to sleep finishes the requests that it has", async (namespace) => {
    const [asked, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<Response>()];
    await using server = Deno.serve({ hostname, port: 0, onListen: () => {} }, () => {
      asked.resolve();
      return answer.promise;
    });
    const pod = {
      annotations: { "kwok/pod-ip": hostname, "kwok/failed-after": "2s" },
      spec: { terminationGracePeriodSeconds: 30 },
      port: { name: "http", containerPort: server.addr.port },
    };
    await withReplica(namespace, pod, async (replica, ask) => {
      const phaseAfter = async (action: string) =>
        JSON.parse((await replica.api(`/_api/views/hello/${action}`, "POST")).body).phase;
      equal(await phaseAfter("wake?wait=60"), "awake");
      const running = ask({ path: "/report" });
      await asked.promise;
      equal(await phaseAfter("sleep"), "asleep");
      await eventually("the pod is gone", async () => {
        const { items } = await namespace.call("GET", "api/v1/pods") as unknown as { readonly items: unknown[] };
        return items.length === 0;
      }, 30);
      answer.resolve(new Response("done"));
      const { status, body } = await running;
      deepEqual([status, body], [200, "done"]);
    });
  });
}
