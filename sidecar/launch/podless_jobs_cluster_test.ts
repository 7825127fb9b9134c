import { deepEqual, equal, match } from "node:assert/strict";
import { clusterTest, type Namespace } from "../kubernetes/testing/namespace.ts";
import { eventually } from "../testing/eventually.ts";
import { createViews, podsOfView, WarmGateway, warmNamespace } from "./testing/warm_gateway.ts";

/** So many at once keep the Job controller busy, and it creates pods while their Jobs are replaced. */
const VIEWS = 30;
const TIMES = 3;

/** Does something three times with each of many views at once, and waits until each one has a pod. */
async function withEachView(
  namespace: Namespace,
  pool: number,
  once: (gateway: WarmGateway, view: string) => Promise<void>,
): Promise<void> {
  await warmNamespace(namespace, pool);
  const views = await createViews(namespace, VIEWS);
  await using gateway = await WarmGateway.start(namespace);
  await Promise.all(views.map(async (view) => {
    for (let time = 0; time < TIMES; time++) await once(gateway, view);
  }));
  await eventually("each view has a pod", async () => {
    const found = await Promise.all(views.map((view) => podsOfView(namespace, view)));
    return found.every(({ started }) => started.length > 0);
  }, 30);
  deepEqual(gateway.faults, []);
}

for (const [kind, pool] of [["cold", 0], ["warm", 10]] as const) {
  clusterTest(
    `views whose Jobs are replaced as soon as they are there all get a pod: ${kind}`,
    (namespace) =>
      withEachView(namespace, pool, async (gateway, view) => {
        await gateway.launch(view);
      }),
  );
}

clusterTest(
  "views whose claimed pods refuse their assignment at once all get another pod",
  (namespace) =>
    withEachView(namespace, 10, async (gateway, view) => {
      const outcome = await gateway.launch(view);
      if (outcome.kind !== "launched" || outcome.claimed === undefined) return;
      const { kubernetes } = gateway;
      kubernetes.unassignable(view, {
        uid: outcome.claimed.uid,
        cause: { reason: "AssignmentFailed", message: "409" },
      });
      await gateway.launch(view);
    }),
);

clusterTest(
  "views whose Jobs somebody deletes by hand as soon as they are there all get a pod",
  (namespace) =>
    withEachView(namespace, 0, async (gateway, view) => {
      await gateway.launch(view);
      await namespace.call("DELETE", `apis/batch/v1/jobs/${view}?propagationPolicy=Background`);
      await eventually(
        "the Job is gone",
        () => Promise.resolve(gateway.kubernetes.views.get(view)?.phase.kind === "asleep"),
      );
      await gateway.launch(view);
    }),
);

clusterTest("a Job that a quota keeps from a pod is not replaced: its view fails with the cause", async (namespace) => {
  await warmNamespace(namespace, 0);
  await namespace.call("POST", "api/v1/resourcequotas", {
    metadata: { name: "none" },
    spec: { hard: { pods: "0" } },
  });
  const [view = ""] = await createViews(namespace, 1);
  await using gateway = await WarmGateway.start(namespace);
  await gateway.launch(view);
  const phase = () => gateway.kubernetes.views.get(view)?.phase;
  await eventually("the view has failed", () => Promise.resolve(phase()?.kind === "failed"));
  match(JSON.stringify(phase()), /exceeded quota/);
  equal(gateway.replaced.length, 0);
});
