import { expect, test } from "vitest";
import { apps } from "../cluster/cluster.ts";
import { theGateway } from "../gateway/gateway.ts";
import { leftOverOf, NOTHING_LEFT } from "../outcome/left_over.ts";
import { printOutcome } from "../outcome/outcome_line.ts";
import { Tally } from "../outcome/tally.ts";
import { until } from "../until.ts";

const VIEWS = 10;
const IDLE_SECONDS = 20;
/** Milliseconds from a lease's end until Kubernetes has ended the pod, grace period and all. */
const MARGIN = 40_000;

test("all sidecars are gone: every view ends by its lease", async () => {
  const gateway = await theGateway();
  const { namespace, replicas } = gateway;
  const name = "view-gateway";
  const scale = (count: number) =>
    apps.patchNamespacedDeployment({
      namespace,
      name,
      body: [{ op: "replace", path: "/spec/replicas", value: count }],
    });
  const tally = new Tally();
  const views = await Promise.all(
    Array.from(
      { length: VIEWS },
      () => gateway.create("gone", { idleSeconds: IDLE_SECONDS }),
    ),
  );
  await Promise.all(views.map((view) => tally.count(view.ask())));
  let ended = 0;
  try {
    await scale(0);
    await Promise.all(views.map(async (view) => {
      const end = async () => (await view.pods()).every(({ status }) => /Failed|Succeeded/.test(status?.phase ?? ""));
      await until(`${view.name} has ended`, end, {
        within: IDLE_SECONDS * 1_000 + MARGIN,
        every: 500,
      });
      ended++;
    }));
  } finally {
    await scale(replicas.length);
    await until("the gateway is back", async () => {
      const { status } = await apps.readNamespacedDeployment({
        namespace,
        name,
      });
      return status?.availableReplicas === replicas.length;
    }, { within: 90_000, every: 500 });
  }

  const left = await leftOverOf(views);
  printOutcome("sidecars gone", tally, left, { "views that ended": ended });
  expect(tally.otherwise).toEqual({});
  expect(ended).toBe(VIEWS);
  expect(left).toEqual(NOTHING_LEFT);
});
