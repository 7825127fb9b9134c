import { equal, notEqual } from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { clusterTest, type Namespace } from "../kubernetes/testing/namespace.ts";
import { eventually } from "../testing/eventually.ts";
import { Replica } from "../testing/replica.ts";
import { podTemplate } from "../testing/with_replica.ts";

/** The shortest that leases of whole seconds allow. */
const BRIEF = { idleSeconds: 2, minIdleSeconds: 2, loadReportSeconds: 1 };

interface Job {
  readonly metadata: { readonly uid: string };
  readonly spec: { readonly ttlSecondsAfterFinished?: number };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly reason: string }[] };
}

const view = (namespace: Namespace) =>
  namespace.createService("hello", {
    metadata: {
      name: "hello",
      labels: { "view.yolean.se/name": "hello" },
      annotations: { "view.yolean.se/spec": '{"subsets":[]}' },
    },
  });

async function jobs(namespace: Namespace): Promise<readonly Job[]> {
  return (await namespace.call("GET", "apis/batch/v1/jobs") as unknown as { readonly items: readonly Job[] }).items;
}

clusterTest("a view that fell asleep is one object again, and wakes by another Job", async (namespace) => {
  await view(namespace);
  await using first = await Replica.start(namespace, { config: BRIEF });
  await using second = await Replica.start(namespace, { config: BRIEF });
  equal(await first.status("hello"), 200);
  const [before] = await jobs(namespace);

  await eventually("the Job is gone", async () => (await jobs(namespace)).length === 0, 60);

  equal(await second.status("hello"), 200);
  const [after, ...more] = await jobs(namespace);
  equal(more.length, 0);
  notEqual(after!.metadata.uid, before!.metadata.uid);
});

clusterTest(
  "without a gateway Kubernetes ends the view, and deletes its Job by its time to live",
  async (namespace) => {
    await view(namespace);
    {
      const template = podTemplate({ job: { ttlSecondsAfterFinished: 1 } });
      await using replica = await Replica.start(namespace, { config: BRIEF, template });
      equal(await replica.status("hello"), 200);
      equal((await jobs(namespace))[0]!.spec.ttlSecondsAfterFinished, 1);
    }
    await eventually("the Job is gone", async () => (await jobs(namespace)).length === 0, 60);
  },
);

clusterTest(
  "a view with a request each time that it falls asleep loses none, and has one Job at a time",
  async (namespace) => {
    await view(namespace);
    await using replica = await Replica.start(namespace, { config: BRIEF });
    const uids = new Set<string>();
    // Before its end, at it, and while its Job is deleted.
    for (const rest of [1.7, 2.2, 2.7, 3.5]) {
      equal(await replica.status("hello"), 200);
      const [job, ...more] = await jobs(namespace);
      equal(more.length, 0);
      uids.add(job!.metadata.uid);
      await pause(rest * 1000);
    }
    equal(await replica.status("hello"), 200);
    equal(uids.size > 1, true, "it never fell asleep");
  },
);
