import { deepEqual, equal, match } from "node:assert/strict";
import { clusterTest, type Namespace } from "../kubernetes/testing/namespace.ts";
import { eventually } from "../testing/eventually.ts";
import { Replica } from "../testing/replica.ts";

const FINALIZER = "example.com/hold";

/** Sets the finalizers of the view's Job. */
async function keepJob({ transport, name, signal }: Namespace, ...finalizers: string[]): Promise<void> {
  await transport.call({
    method: "PATCH",
    path: `/apis/batch/v1/namespaces/${name}/jobs/hello`,
    headers: { "content-type": "application/merge-patch+json" },
    body: JSON.stringify({ metadata: { finalizers } }),
  }, signal);
}

clusterTest(
  "the API, the page and the gate name a finalizer that keeps a Job, and the view starts when the Job is gone",
  async (namespace) => {
    await namespace.createService("hello", {
      metadata: {
        name: "hello",
        labels: { "view.yolean.se/name": "hello" },
        annotations: { "view.yolean.se/spec": JSON.stringify({ subsets: [] }) },
      },
    });
    await using replica = await Replica.start(namespace);
    await using other = await Replica.start(namespace, { envoy: false });
    equal(await replica.status("hello"), 200);
    await keepJob(namespace, FINALIZER);
    await namespace.call("DELETE", "apis/batch/v1/jobs/hello", { propagationPolicy: "Background" });

    // The API and the page say it without a request, …
    for (const gateway of [replica, other]) {
      await eventually(
        "the API says so",
        async () => JSON.parse((await gateway.api("/_api/views/hello")).body).phase === "failed",
      );
      const { cause } = JSON.parse((await gateway.api("/_api/views/hello")).body);
      equal(cause.reason, "JobBeingDeleted");
      match(cause.message, /finalizer example\.com\/hold keeps it/);
      match((await gateway.api("/")).body, /JobBeingDeleted/);
    }

    // … a request is answered within a moment, …
    const { status, body, headers } = await replica.check("hello");
    deepEqual([status, JSON.parse(body).reason, headers["retry-after"]], [503, "JobBeingDeleted", "5"]);
    match(JSON.parse(body).detail, /example\.com\/hold/);

    // … one Event tells of it, whatever the number of gateways, …
    const events = async () => {
      const list = await namespace.call("GET", "api/v1/events") as unknown as { items: { reason: string }[] };
      return list.items.filter(({ reason }) => reason === "JobBeingDeleted");
    };
    await eventually("an Event", async () => (await events()).length > 0);
    equal((await events()).length, 1);

    // … and then the view starts, without anybody doing more.
    await keepJob(namespace);
    await eventually("the view passes", async () => await replica.status("hello") === 200);
  },
);
